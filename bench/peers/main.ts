/**
 * The lab's training step and its matrix products against other libraries', on one page. A sample is long enough to
 * be timed, samples alternate between the entrants, and ratios are of samples of the same round.
 */
import type * as comlink from 'comlink';
import { rounded } from '../../src/plan/timing';
import { tokensPerStep } from '../../src/config/flops';
import { openDevice } from '../../src/gpu/device';
import { median } from '../../src/math/statistics';
import { Contact } from './contact';
import type { Library } from './library';
import { BATCHES, SPECS } from './problem';
import {
  ENTRANTS,
  PRODUCTS,
  type ComparePeers,
  type Figures,
  type ProductComparison,
  type ProductShape,
  type StepComparison,
  type StepName,
} from './result';

/** Milliseconds that a sample takes at least, unless that needs more repeats than these. */
const ENOUGH = 200;
const MOST_REPEATS = 2000;

/** Largest distance between two losses of the same step, nats: rounding grows with the steps, another function is off. */
const TOLERANCE = 1e-3;

/** The square product that libraries are often measured on, and those of step S. */
const SHAPES: ProductShape[] = [
  { rows: 512, inputs: 512, outputs: 512 },
  { rows: 1024, inputs: 64, outputs: 192 },
  { rows: 1024, inputs: 64, outputs: 64 },
  { rows: 1024, inputs: 64, outputs: 256 },
  { rows: 1024, inputs: 256, outputs: 64 },
];

type Task = (library: comlink.Remote<Library>, repeats: number) => Promise<unknown>;

/**
 * Times a task by all entrants in turn, `rounds` times.
 * @param once milliseconds of the task by each, from which follows how often a sample repeats it
 */
async function compare(contacts: Contact[], once: number[], rounds: number, task: Task): Promise<Figures[]> {
  const repeats = once.map((each) => Math.max(1, Math.min(MOST_REPEATS, Math.ceil(ENOUGH / each))));
  const times: number[][] = contacts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contact] of contacts.entries()) {
      const answer = await contact.ask((library) => task(library, repeats[i]!));
      if (answer) times[i]!.push(answer.milliseconds / repeats[i]!);
    }
  }
  const [ours] = times as [number[]];
  return contacts.map(({ entrant, problem }, i) => {
    if (times[i]!.length === 0) return { entrant, problem: problem ?? 'Nothing was measured.' };
    const ratios = times[i]!.flatMap((time, round) => (ours[round] === undefined ? [] : [time / ours[round]]));
    return {
      ...{ entrant, milliseconds: rounded(median(times[i]!)) },
      ...(problem !== undefined && { problem }),
      ...(ratios.length > 0 && { ours: rounded(median(ratios), 3) }),
    };
  });
}

async function compareSteps(step: StepName, rounds: number, say: (what: string) => void): Promise<StepComparison[]> {
  const contacts = ENTRANTS.map((entrant) => new Contact(entrant));
  const begun: { openSeconds: number; once: number; losses: number[] }[] = [];
  for (const contact of contacts) {
    say(`step ${step}: losses of ${contact.entrant}`);
    const losses: number[] = [];
    const started = performance.now();
    await contact.ask((library) => library.open(step));
    let [openSeconds, once] = [0, Infinity];
    while (contact.problem === undefined && losses.length < BATCHES) {
      const answer = await contact.ask((library) => library.run(1));
      if (losses.length === 0) openSeconds = rounded((performance.now() - started) / 1000, 3);
      if (!answer) continue;
      losses.push(answer.value);
      once = answer.milliseconds;
    }
    begun.push({ openSeconds, once, losses });
  }
  const expected = begun[0]!.losses;
  const differences = begun.map(({ losses }) =>
    Math.max(0, ...losses.map((loss, at) => Math.abs(loss - (expected[at] ?? NaN)))),
  );
  for (const [i, contact] of contacts.entries()) {
    if (!(differences[i]! <= TOLERANCE)) contact.problem = 'Its losses are others: it does not take the same step.';
  }
  say(`step ${step}: speed`);
  const times = begun.map(({ once }) => once);
  const figures = await compare(contacts, times, rounds, (library, repeats) => library.run(repeats));
  for (const contact of contacts) contact.close();
  const tokens = tokensPerStep(SPECS[step]);
  return figures.map((of, i) => {
    const { openSeconds, losses } = begun[i]!;
    return {
      ...{ step, ...of, openSeconds, losses, lossDifference: differences[i]! },
      ...(of.milliseconds !== undefined && { tokensPerSecond: Math.round((1000 * tokens) / of.milliseconds) }),
    };
  });
}

async function compareProducts(rounds: number, say: (what: string) => void): Promise<ProductComparison[]> {
  const comparisons: ProductComparison[] = [];
  for (const shape of SHAPES) {
    const contacts = ENTRANTS.map((entrant) => new Contact(entrant));
    for (const contact of contacts) await contact.ask((library) => library.operands(shape));
    const flops = 2 * shape.rows * shape.inputs * shape.outputs;
    for (const product of PRODUCTS) {
      say(`products: ${product} of ${shape.rows} × ${shape.inputs} × ${shape.outputs}`);
      const once: number[] = [];
      for (const contact of contacts) {
        await contact.ask((library) => library.multiply(product, 1)); // What compiles on first use is not timed.
        once.push((await contact.ask((library) => library.multiply(product, 1)))?.milliseconds ?? Infinity);
      }
      const figures = await compare(contacts, once, rounds, (library, repeats) => library.multiply(product, repeats));
      comparisons.push(
        ...figures.map((of) => ({
          ...{ product, ...shape, ...of },
          ...(of.milliseconds !== undefined && { gflops: rounded(flops / of.milliseconds / 1e6) }),
        })),
      );
    }
    for (const contact of contacts) contact.close();
  }
  return comparisons;
}

const comparePeers: ComparePeers = async (parts, rounds, say) => {
  const { device, info } = await openDevice();
  device.destroy();
  const steps: StepComparison[] = [];
  for (const step of ['S', 'M'] as const) {
    if (parts.includes(step)) steps.push(...(await compareSteps(step, rounds, say)));
  }
  const products = parts.includes('products') ? await compareProducts(rounds, say) : [];
  return { schemaVersion: 1, device: info.name, threads: navigator.hardwareConcurrency, steps, products };
};

// For the terminal's `npm run bench:peers`.
Object.assign(window, { comparePeers });
