/**
 * `npm run bench`: measures this machine on the built page bench.html, in a headless browser, and prints tables.
 * Names of parts after `--` choose among them, `--full` takes more rounds and larger shapes, `--json FILE` writes
 * everything as JSON, `--kernels` names the kernels in place of the lab's own choice.
 */
import { writeFileSync } from 'node:fs';
import { BENCH_PARTS, type BenchResult } from '../src/bench-result.ts';
import type { Measure } from '../src/ui/bench-page.ts';
import { adaptersNamed, partsNamed, readArguments } from './command-line.ts';
import { openHeadless } from './headless.ts';
import { serveBuiltPage } from './serve.ts';

const { values, positionals } = readArguments({
  full: { type: 'boolean' },
  json: { type: 'string' },
  kernels: { type: 'string' },
  adapter: { type: 'string' },
});
const adapters = adaptersNamed(values.adapter);
// A table of every dispatch is long: it is printed when it is asked for.
const asked = partsNamed(positionals, BENCH_PARTS);
const parts = asked.length > 0 ? asked : BENCH_PARTS.filter((part) => part !== 'dispatches');

// Leaving through `exit` takes the browser along.
process.on('SIGINT', () => process.exit(130));

const served = await serveBuiltPage();
try {
  const headless = await openHeadless(new URL('bench.html', served.url).href, adapters);
  try {
    let said = '';
    await headless.page.exposeFunction('say', (what: string) => {
      const thing = what.split(':')[0]!;
      if (thing !== said) console.error(`Measuring ${thing} …`);
      said = thing;
    });
    const measured = headless.page.evaluate(
      (options) => {
        const { bench, say } = window as unknown as { bench: Measure; say: (what: string) => void };
        return bench(options, say);
      },
      { parts, full: values.full ?? false, kernels: values.kernels },
    );
    print(await Promise.race([measured, headless.broken]));
  } finally {
    await headless.close();
  }
} finally {
  await served.close();
}

function print(result: BenchResult): void {
  console.log(`${result.device.name}, kernels: ${result.device.kernelProfile}`);
  console.log('\nceilings: GFLOP/s, GB/s, microseconds');
  console.table([result.ceilings]);
  for (const part of parts) {
    console.log(`\n${part}`);
    console.table(result[part]);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
