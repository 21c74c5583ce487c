/** What the experiments on scaling laws say: their answers in words, and the words of their charts. *Stars* emphasise. */
import { capital, compact, nats, percent, power, ratio as bound, significant, times, words } from './numbers';

interface Ratio {
  factor: number;
  low?: number;
  high?: number;
}

interface Compared extends Ratio {
  from: string;
  to: string;
  at: [number, number];
  excess: [number, number];
  pairs: number;
}

interface Fitted {
  law: string;
  kind: string;
  parameters: Record<string, number>;
  intervals: Record<string, [number, number]>;
  sizes: number;
  runs: number;
  enough: boolean;
  valleys?: { c: number; n: number; interval: [number, number] }[];
}

interface Predicted {
  arm: string;
  predicted: number;
  interval: [number, number];
  measured?: number;
  hit?: boolean;
}

/** What an answer is made from. */
export interface LawSaying {
  answer: 'size' | 'lead' | 'data' | 'compute' | 'returns' | 'balance' | 'prediction' | 'comparison';
  comparisons: readonly Compared[];
  worth: readonly (Ratio & { arm: string; atMost?: true })[];
  fits: readonly Fitted[];
  prediction: Predicted | undefined;
  seeds: number;
  diverged: number;
}

export interface Said {
  headline: string;
  sure: string[];
}

function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}

/** Part of an excess that a factor takes away. */
function cut(factor: number): string {
  return percent(1 - 1 / factor);
}

function ratioRange({ low, high }: Ratio): string {
  return low === undefined || high === undefined ? 'one seed, no interval' : `${bound(low)} – ${bound(high)}`;
}

function cutRange({ low, high }: Ratio): string {
  return low === undefined || high === undefined
    ? 'one seed, no interval'
    : `${significant(100 * (1 - 1 / low))} – ${significant(100 * (1 - 1 / high))}`;
}

/** True when the seeds show that the second is closer. */
function clear({ low }: Ratio): boolean {
  return (low ?? 0) > 1;
}

function seedsOf({ seeds, diverged }: LawSaying): string[] {
  return [
    `${words(seeds)} ${seeds === 1 ? 'seed' : 'seeds'}`,
    ...(diverged > 0 ? [`${words(diverged)} diverged and left out`] : []),
  ];
}

function exponent({ parameters, intervals }: Fitted, name = 'alpha'): string {
  const [low, high] = intervals[name] ?? [NaN, NaN];
  return `${significant(parameters[name] ?? NaN)} (90 %: ${significant(low)} – ${significant(high)})`;
}

function laws(fits: readonly Fitted[]): Fitted[] {
  return fits.filter((fit) => fit.law === 'power' && fit.enough);
}

function size({ comparisons, fits }: LawSaying): Said | undefined {
  if (comparisons.length === 0) return undefined;
  const found = laws(fits);
  const ends = comparisons.map(
    (each) => `${each.to} ended *${times(each.factor)} closer* to the floor than ${each.from}`,
  );
  const sure = comparisons.map((each) => `95 % interval, ${each.from} against ${each.to}: ${ratioRange(each)}`);
  const few = fits.find((fit) => fit.law === 'power' && !fit.enough);
  if (found.length > 0) {
    const exponents = found.map((fit) => `*${exponent(fit)}* for the ${fit.kind} models`);
    return {
      headline: `Loss falls as a power of size, with exponent ${list(exponents)}.`,
      sure: [...ends.map(plain), ...sure],
    };
  }
  return {
    headline: `${capital(list(ends))}.`,
    sure: [...sure, ...(few ? [`a line through ${words(few.sizes)} sizes is no law yet: an exponent takes five`] : [])],
  };
}

function lead({ comparisons, fits }: LawSaying): Said | undefined {
  const [first] = comparisons;
  const last = comparisons.at(-1);
  if (!first || !last) return undefined;
  const won = comparisons.filter(clear).length;
  const all =
    won === comparisons.length
      ? `at all ${words(won)} sizes`
      : `at ${words(won)} of ${words(comparisons.length)} sizes`;
  return {
    headline: `For the same compute the *sparse* model is clearly closer to the floor *${all}*: ${times(first.factor)} at the smallest, ${times(last.factor)} at the largest.`,
    sure: [
      `95 % intervals ${ratioRange(first)} and ${ratioRange(last)}`,
      ...laws(fits).map((fit) => `exponent of ${fit.kind}: ${exponent(fit)}`),
    ],
  };
}

function data({ comparisons }: LawSaying): Said | undefined {
  const arms = [...new Set(comparisons.map(({ to }) => to))];
  const ofArm = arms.map((arm) => comparisons.filter(({ to }) => to === arm));
  const lasts = ofArm.flatMap((steps) => steps.at(-1) ?? []);
  if (lasts.length === 0) return undefined;
  const firsts = ofArm.flatMap((steps) => steps[0] ?? []);
  return {
    headline: `The last doubling of the data took ${list(lasts.map((step) => `*${cut(step.factor)}* off what ${step.to} was above the floor`))}.`,
    sure: [
      ...lasts.map((step) => `${step.to}, to ${compact(step.at[1])} tokens: 95 % interval ${cutRange(step)} %`),
      ...firsts.map((step) => `${step.to}, first doubling: ${cut(step.factor)}`),
    ],
  };
}

function compute({ comparisons, fits }: LawSaying): Said | undefined {
  const frontier = fits.find((fit) => fit.law === 'frontier' && fit.enough);
  const last = comparisons.at(-1);
  if (frontier) {
    const gamma = frontier.parameters.alpha ?? NaN;
    const [low, high] = frontier.intervals.alpha ?? [NaN, NaN];
    return {
      headline: `Twice the compute takes *${cut(2 ** gamma)}* off what is left above the floor, with the best size at each budget.`,
      sure: [
        `90 % interval ${significant(100 * (1 - 2 ** -low))} – ${significant(100 * (1 - 2 ** -high))} %`,
        `exponent of compute ${exponent(frontier)}`,
      ],
    };
  }
  if (!last) return undefined;
  return {
    headline: `The last doubling of compute took *${cut(last.factor)}* off what was left above the floor.`,
    sure: [
      `95 % interval ${cutRange(last)} %`,
      last.from === last.to ? `best size ${last.to} at both` : `best sizes ${last.from} and ${last.to}`,
    ],
  };
}

function returns({ comparisons, fits }: LawSaying): Said | undefined {
  const [first] = comparisons;
  const last = comparisons.at(-1);
  if (!first || !last || first === last) return undefined;
  const gain = ({ excess }: Compared): string => nats(excess[0] - excess[1], 2);
  const [law] = laws(fits);
  const sure = [
    `from ${first.from} to ${first.to} the loss fell by ${gain(first)} nats, from ${last.from} to ${last.to} by ${gain(last)}`,
  ];
  if (!law)
    return { headline: `Each further size gained less: *${gain(first)}* nats first, *${gain(last)}* last.`, sure };
  return {
    headline: `It never stops and always shrinks: *each doubling of size* takes *${cut(2 ** (law.parameters.alpha ?? NaN))}* off what is left above the floor.`,
    sure: [
      ...sure,
      `exponent ${exponent(law)}`,
      'a curve on linear axes, a line on logarithmic ones: a power, no exponential',
    ],
  };
}

function balance({ fits }: LawSaying): Said | undefined {
  const fit = fits.find(({ law }) => law === 'isoflop');
  const valleys = fit?.valleys ?? [];
  const [first] = valleys;
  const last = valleys.at(-1);
  if (!fit || !first || !last) return undefined;
  const sure = [
    ...valleys.map(
      ({ c, n, interval: [low, high] }) =>
        `${power(c)} FLOPs: ${compact(n)} parameters (90 %: ${compact(low)} – ${compact(high)})`,
    ),
    'the bottom of a parabola through a few sizes: where a valley is lopsided, it lies to one side of the true one',
  ];
  if (first === last) return { headline: `One valley: the best size is about *${compact(first.n)}* parameters.`, sure };
  return {
    headline: `At each compute one size is best: *${compact(first.n)}* parameters at ${power(first.c)} FLOPs, *${compact(last.n)}* at ${power(last.c)}.`,
    sure: [...(fit.enough ? [`the best size grows as compute to the power ${exponent(fit, 'a')}`] : []), ...sure],
  };
}

function prediction({ prediction: made }: LawSaying): Said | undefined {
  if (!made) return undefined;
  const { arm, predicted, interval, measured, hit } = made;
  const range = `${nats(interval[0])} – ${nats(interval[1])}`;
  if (measured === undefined) {
    return {
      headline: `Predicted for ${arm}: *${nats(predicted)}* nats above the floor.`,
      sure: [`90 % interval ${range}, frozen before the run`],
    };
  }
  const off = `${percent(Math.abs(measured / predicted - 1))} ${measured > predicted ? 'above' : 'below'} the prediction`;
  return {
    headline: `*${hit ? 'Hit' : 'Miss'}*: ${arm} ended at *${nats(measured)}*; predicted were ${nats(predicted)}.`,
    sure: [`90 % interval ${range}, frozen before the run`, off],
  };
}

function comparison({ comparisons, worth }: LawSaying): Said | undefined {
  if (comparisons.length === 0) return undefined;
  // The factor is the excess of an arm over that of the baseline.
  const worse = comparisons.filter(({ low }) => (low ?? 0) > 1);
  const better = comparisons.filter(({ high }) => (high ?? Infinity) < 1);
  const level = comparisons.filter((each) => !worse.includes(each) && !better.includes(each));
  const baseline = comparisons[0]?.to ?? '';
  const parts = [
    ...(better.length > 0 ? [`*${list(better.map(({ from }) => from))}* did better than ${baseline}`] : []),
    ...(level.length > 0
      ? [`*no difference* between ${baseline} and ${list(level.map(({ from }) => from))} that the seeds can show`]
      : []),
    ...(worse.length > 0
      ? [
          `${list(worse.map(({ from, factor }, i) => `${from} ${i === 0 ? 'ended ' : ''}*${times(factor)}*`))} as far from the floor as ${baseline}`,
        ]
      : []),
  ];
  return {
    headline: `${capital(parts.join('; '))}.`,
    sure: [
      ...comparisons.map((each) => `${each.from}: ${ratioRange(each)} of ${baseline}`),
      ...worth.map(
        ({ arm, factor, atMost }) =>
          `${arm} was worth ${atMost ? 'at most ' : ''}${percent(factor)} as much ${baseline} data`,
      ),
    ],
  };
}

function plain(words: string): string {
  return words.replaceAll('*', '');
}

export const lawText = {
  /** Undefined while there is nothing to say. */
  said(facts: LawSaying): Said | undefined {
    const answers = { size, lead, data, compute, returns, balance, prediction, comparison };
    const said = answers[facts.answer](facts);
    return said && { headline: said.headline, sure: [...said.sure, ...seedsOf(facts)] };
  },
  sentence: ({ headline, sure }: Said): string => `${plain(headline).replace(/\.$/, '')} (${sure.join('; ')}).`,
};
