/** The entry of the benchmark's page. */
import * as comlink from 'comlink';
import { askedKernels } from './asked-kernels';
import type { Measure } from './bench-page';
import './bench-page';
import { callBench } from './call-bench';
import { applyTheme, initialTheme } from './theme';

const measure: Measure = (options, onProgress) =>
  callBench((remote) => remote.run({ kernels: askedKernels(), ...options }, comlink.proxy(onProgress)));

applyTheme(initialTheme());
// For programs: the terminal's `npm run bench` calls it.
window.bench = measure;
const page = document.createElement('bench-page');
page.measure = measure;
document.body.append(page);
