/**
 * `npm run bench:peers`: the lab's training step and matrix products against jax-js and TensorFlow.js, on one page in
 * a headless browser. Names of parts after `--` choose among them, `--full` takes more rounds, `--json FILE` writes
 * everything as JSON.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ENTRANTS,
  PEERS_PARTS,
  type ComparePeers,
  type PeersResult,
  type ProductComparison,
  type StepComparison,
} from '../bench/peers/result.ts';
import { adaptersNamed, partsNamed, readArguments } from './command-line.ts';
import { openHeadless } from './headless.ts';
import { serveBuiltPage } from './serve.ts';

/** Medians are over so many rounds. */
const ROUNDS = { quick: 5, full: 15 } as const;

const { values, positionals } = readArguments({
  full: { type: 'boolean' },
  json: { type: 'string' },
  adapter: { type: 'string' },
});
const adapters = adaptersNamed(values.adapter);
const asked = partsNamed(positionals, PEERS_PARTS);

// Leaving through `exit` takes the browser along.
process.on('SIGINT', () => process.exit(130));

const served = await serveBuiltPage(join(import.meta.dirname, '../bench/peers'));
try {
  const headless = await openHeadless(served.url, adapters);
  try {
    await headless.page.exposeFunction('say', (what: string) => {
      console.error(`Measuring ${what} …`);
    });
    const measured = headless.page.evaluate(
      ({ parts, rounds }) => {
        const page = window as unknown as { comparePeers: ComparePeers; say: (what: string) => void };
        return page.comparePeers(parts, rounds, page.say);
      },
      { parts: asked.length > 0 ? asked : PEERS_PARTS, rounds: values.full ? ROUNDS.full : ROUNDS.quick },
    );
    print(await Promise.race([measured, headless.broken]));
  } finally {
    await headless.close();
  }
} finally {
  await served.close();
}

function print(result: PeersResult): void {
  console.log(`${result.device}; ${result.threads} threads for wasm`);
  console.log('\nours: how many times as fast the lab was, the median of interleaved rounds');
  if (result.steps.length > 0) {
    console.table(result.steps.map(stepRow));
  }
  if (result.products.length > 0) {
    console.log('\nproducts: GFLOP/s, and in brackets how many times as fast the lab was');
    console.table(productRows(result.products));
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}

function stepRow({ losses, lossDifference, ...of }: StepComparison) {
  return {
    ...{ step: of.step, entrant: of.entrant, 'tokens/s': of.tokensPerSecond, ours: of.ours },
    ...{ milliseconds: of.milliseconds, 'seconds to open': of.openSeconds },
    'largest loss difference': `${lossDifference.toExponential(1)} in ${losses.length}`,
    problem: of.problem ?? '',
  };
}

/** A row for each product, a column for each entrant. */
function productRows(products: ProductComparison[]): Record<string, string>[] {
  const names = new Set(products.map(nameOf));
  return [...names].map((name) => ({
    product: name,
    ...Object.fromEntries(
      ENTRANTS.map((entrant) => {
        const of = products.find((each) => each.entrant === entrant && nameOf(each) === name)!;
        return [entrant, of.gflops === undefined ? `${of.problem}` : `${of.gflops} (${of.ours})`];
      }),
    ),
  }));
}

function nameOf({ product, rows, inputs, outputs }: ProductComparison): string {
  return `${product}, ${rows} × ${inputs} × ${outputs}`;
}
