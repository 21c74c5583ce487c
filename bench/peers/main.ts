/**
 * The lab's training step and its matrix products against other libraries', on one page. A sample is long enough to
 * be timed, samples alternate between the entrants, and ratios are of samples of the same round.
 */
import type * as comlink from 'comlink';
import { rounded } from '../../src/bench/timing';
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

/** The square product that libraries are often measured on, and those of step S. */
const SHAPES: ProductShape[] = [
  { rows: 512, inputs: 512, outputs: 512 },
  { rows: 1024, inputs: 64, outputs: 192 },
  { rows: 1024, inputs: 64, outputs: 64 },
  { rows: 1024, inputs: 64, outputs: 256 },
  { rows: 1024, inputs: 256, outputs: 64 },
];

type Task = (library: comlink.Remote<Library>, repeats: number) => Promise<unknown>;

/** Times a task by all entrants in turn, `rounds` times. */
async function compare(contacts: Contact[], rounds: number, task: Task): Promise<Figures[]> {
  const repeats: number[] = [];
  for (const contact of contacts) {
    await contact.ask((library) => task(library, 1)); // What compiles on first use is not timed.
    const once = await contact.time((library) => task(library, 1));
    repeats.push(Math.max(1, Math.min(MOST_REPEATS, Math.ceil(ENOUGH / (once ?? ENOUGH)))));
  }
  const times: number[][] = contacts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contact] of contacts.entries()) {
      const time = await contact.time((library) => task(library, repeats[i]!));
      if (time !== undefined) times[i]!.push(time / repeats[i]!);
    }
  }
  const [ours] = times as [number[]];
  return contacts.map(({ entrant, problem }, i) => {
    if (problem !== undefined) return { entrant, problem };
    const ratios = times[i]!.flatMap((time, round) => (ours[round] === undefined ? [] : [time / ours[round]]));
    return {
      ...{ entrant, milliseconds: rounded(median(times[i]!)) },
      ...(ratios.length > 0 && { ours: rounded(median(ratios), 3) }),
    };
  });
}

async function compareSteps(step: StepName, rounds: number, say: (what: string) => void): Promise<StepComparison[]> {
  const contacts = ENTRANTS.map((entrant) => new Contact(entrant));
  const begun: { openSeconds: number; losses: number[] }[] = [];
  for (const contact of contacts) {
    say(`step ${step}, losses of ${contact.entrant}`);
    const losses: number[] = [];
    const take = async (): Promise<void> => {
      const loss = await contact.ask((library) => library.run(1));
      if (loss !== undefined) losses.push(loss);
    };
    const started = performance.now();
    await contact.ask((library) => library.open(step));
    await take();
    begun.push({ openSeconds: rounded((performance.now() - started) / 1000, 3), losses });
    while (contact.problem === undefined && losses.length < BATCHES) await take();
  }
  say(`step ${step}, speed`);
  const figures = await compare(contacts, rounds, (library, repeats) => library.run(repeats));
  for (const contact of contacts) contact.close();
  const expected = begun[0]!.losses;
  return figures.map((of, i) => {
    const { losses } = begun[i]!;
    const tokens = tokensPerStep(SPECS[step]);
    return {
      ...{ step, ...begun[i]!, ...of },
      lossDifference: Math.max(0, ...losses.map((loss, at) => Math.abs(loss - (expected[at] ?? NaN)))),
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
      say(`${product} of ${shape.rows} × ${shape.inputs} × ${shape.outputs}`);
      const figures = await compare(contacts, rounds, (library, repeats) => library.multiply(product, repeats));
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
