/** The entry of the benchmark's page: each measurement has a worker, and a device, of its own. */
import * as comlink from 'comlink';
import { askedKernels } from './asked-kernels';
import type { Measure } from './bench-page';
import './bench-page';
import { connectBench } from './connect';
import { LabError } from './problem';
import { applyTheme, initialTheme } from './theme';

const measure: Measure = async (options, onProgress) => {
  const connection = connectBench();
  try {
    const measured = connection.remote.run({ kernels: askedKernels(), ...options }, comlink.proxy(onProgress));
    return await Promise.race([measured, connection.broken]);
  } catch (error) {
    throw LabError.from(error);
  } finally {
    connection.close();
  }
};

applyTheme(initialTheme());
// For programs: the terminal's `npm run bench` calls it.
window.bench = measure;
const page = document.createElement('bench-page');
page.measure = measure;
document.body.append(page);
