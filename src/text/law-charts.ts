/** What a reader sees of the charts of scaling laws. */
import {
  capital,
  compact,
  count,
  counted,
  duration,
  nats,
  percent,
  plural,
  power,
  significant,
  words,
} from './numbers';

/** `.33`: an exponent's bound beside the exponent, where the zero only takes room. */
function bound(value: number): string {
  return significant(value)
    .replace(/^(-?)0\./, '$1.')
    .replace('-', '−');
}

export const lawChartsText = {
  chart: {
    title: {
      active: { excess: 'Loss above the floor, against size', loss: 'Loss, against size' },
      tokens: { excess: 'Loss above the floor, against data', loss: 'Loss, against data' },
      compute: { excess: 'Loss above the floor, against compute', loss: 'Loss, against compute' },
      noise: { excess: 'Loss above the floor, by share of wrong tokens', loss: 'Loss, by share of wrong tokens' },
      epochs: { excess: 'Loss above the floor, by readings of the same data', loss: 'Loss, by readings' },
      curriculum: { excess: 'Loss above the floor, by order of the topics', loss: 'Loss, by order of the topics' },
    },
    on: { log: 'on logarithmic axes', linear: 'on linear axes' },
    axis: {
      active: 'active parameters',
      total: 'all parameters held in memory',
      tokens: 'tokens read',
      compute: 'training compute in FLOPs',
      noise: 'training tokens that are wrong',
      epochs: 'times that each document is read',
      curriculum: 'order of the topics over the first half',
    },
    controls: {
      count: 'Which parameters are counted',
      active: 'active',
      total: 'total',
    },
    share: (value: number) => `${significant(value)}\u00a0%`,
    /** `∝ N`; its exponent is raised behind it. */
    proportional: (symbol: string) => `∝ ${symbol}`,
    /** `= 0.85 + B·N`, likewise. */
    towards: (limit: number, symbol: string) => `= ${nats(limit, 2)} + B·${symbol}`,
    exponent: (alpha: number) => `−${significant(alpha)}`,
    interval90: (low: number, high: number) => `90 %: ${bound(low)} – ${bound(high)}`,
    noInterval: 'no interval yet',
    best: 'the best',
    tooFew: (law: string) => (law === 'frontier' ? 'too few for a law' : 'too few sizes for a law'),
    after: (tokens: number) => `after ${compact(tokens)} tokens`,
    predicted: (value: number) => `predicted ${nats(value, 2)}`,
    hit: 'Hit',
    miss: 'Miss',
    cameTo: (measured: number, predicted: number) => `${nats(measured, 2)}, predicted ${nats(predicted, 2)}`,
    waiting: 'One dot a run will land here as it ends.',
    note: 'Small dots: one run each. Large: their mean, with its 95 % interval; hollow while it trains.',
    band: 'Band: 90 % interval of the law.',
    fewNote: 'The thin dotted line goes through too few points to be called a law.',
    noFloor: 'The floor is at zero, where no logarithmic axis gets to.',
    totalNote: 'The law is one of active parameters; switch back to see it.',
    refused: (why: string) => `No law here: ${why}`,
    oneSize: 'No law here: only one size was trained; a line takes two, a law five.',
    sizesIn: (done: number, all: number) =>
      `So far ${words(done)} of ${counted(all, 'size', 'sizes')} ${plural(done, 'is', 'are')} in: a line takes two, a law five.`,
    armsIn: (done: number, all: number) =>
      `So far ${words(done)} of ${counted(all, 'arm', 'arms')} ${plural(done, 'is', 'are')} in: the law is drawn once it can be told.`,
    read: (arm: string, seed: number) => `${arm}, seed ${count(seed)}`,
    value: {
      excess: (value: number) => `${nats(value)} above the floor`,
      loss: (value: number) => `loss ${nats(value)}`,
    },
    at: (n: number, tokens: number, flops: number) =>
      `${count(n)} active parameters · ${compact(tokens)} tokens · ${power(flops)} FLOPs`,
    walk: (title: string) => `${title}: walk along the runs`,
    summary: (parts: string) => `One point an arm: ${parts}.`,
    summaryLaw: (kind: string, symbol: string, alpha: number, low: number, high: number, limit: number) =>
      `${kind} falls ${limit >= 0.005 ? `towards ${nats(limit, 2)} ` : ''}as ${symbol} to the power ${significant(-alpha).replace('-', 'minus ')}, 90 % interval ${significant(low)} to ${significant(high)}.`,
    point: (arm: string, mean: number, half: number | undefined) =>
      `${arm} ${nats(mean, 2)}${half === undefined ? '' : ` ± ${nats(half, 2)}`}`,
    summaryBefore: 'No run has ended yet.',
  },

  valleys: {
    title: { excess: 'Valleys: loss above the floor at equal compute', loss: 'Valleys: loss at equal compute' },
    budget: (flops: number) => `${power(flops)}`,
    best: 'best size',
    note: 'Each curve is one amount of compute, at its right end in FLOPs. Too small on its left, too little data on its right.',
    bracket: 'Bracket: 90 % interval of the best size.',
  },

  table: {
    title: 'As a table',
    caption: { excess: 'Nats above the floor at each end', loss: 'Loss at each end, nats per token' },
    columns: {
      arm: 'Arm',
      parameters: 'Active parameters',
      tokens: 'Tokens',
      flops: 'FLOPs',
      mean: 'Mean',
      interval: '95 % interval',
      seed: (seed: number) => `Seed ${seed}`,
    },
    diverged: 'diverged',
    empty: 'No run has ended yet.',
    laws: 'Fitted laws',
    lawColumns: {
      kind: 'Of',
      law: 'Law',
      exponent: 'Exponent',
      interval: '90 % interval',
      runs: 'Runs',
      sizes: 'Sizes',
    },
    noExponent: 'too few',
    law: { power: 'power law', chinchilla: 'L(N, D)', frontier: 'frontier', isoflop: 'best size' },
  },

  bet: {
    drag: 'Your guess? Drag me',
    yours: (value: number) => `your guess ${nats(value, 2)}`,
    label: (arm: string) => `Your guess: where will ${arm} end?`,
    spoken: (value: number) => `${nats(value, 2)} nats above the floor`,
    title: 'Bet first',
    slider: 'Your guess, in per cent',
    percent: (value: number) => `${significant(value)}\u00a0%`,
    place: 'Move the slider to bet; then press start.',
    waits: 'Your bet is placed. The runs will tell.',
    you: 'you',
    article: 'the article',
    measured: 'measured',
    between: (low: number, high: number) => `${significant(low)} – ${significant(high)}\u00a0%`,
    part: (who: string, value: number) => `${who} ${significant(value)} per cent`,
    range: (who: string, low: number, high: number) => `${who} ${significant(low)} to ${significant(high)} per cent`,
    interval: (percentOf: number) => `Bar: ${significant(percentOf)} % interval of what was measured.`,
  },

  multiples: {
    title: { excess: 'Every arm while it trains, above the floor', loss: 'Every arm while it trains' },
    note: (axis: string) =>
      `All on the same axes, across: ${axis}. Line: mean of the seeds; band: from the lowest to the highest. Point at one to see a single seed.`,
    seed: (seed: number) => `seed ${count(seed)}`,
    summary: (done: number, all: number) => `${capital(words(done))} of ${counted(all, 'arm', 'arms')} trained.`,
    nothing: 'One small picture an arm will fill here.',
    walk: 'Walk along the runs',
    columns: { arm: 'Arm', state: 'State', first: 'Early', half: 'Half-way', last: 'Last' },
    states: { done: 'done', 'under way': 'training', 'to come': 'to come' },
  },

  surface: {
    title: 'Loss above the floor, by size and data',
    x: 'active parameters',
    y: 'tokens read',
    note: 'Each cell is measured: the mean of its seeds. The thin lines are of equal compute.',
    contours: 'The dashed contours are the fitted law L(N, D).',
    noContours: 'Contours of a fitted L(N, D) will lie over it.',
    waiting: 'A cell a size and length will appear here.',
    legend: 'nats above the floor',
    cell: (n: number, tokens: number, excess: number) =>
      `${compact(n)} parameters on ${compact(tokens)} tokens: ${nats(excess)} above the floor`,
    summary: (cells: number, low: string, high: string) =>
      `${capital(counted(cells, 'cell', 'cells'))}. Lowest: ${low}. Highest: ${high}.`,
    columns: {
      size: 'Active parameters',
      tokens: 'Tokens',
      flops: 'FLOPs',
      excess: 'Above the floor',
      law: 'By the law',
    },
  },

  queue: {
    title: 'The sweep',
    lead: (arms: number, seeds: number) =>
      `${capital(counted(arms, 'arm', 'arms'))}, ${counted(seeds, 'seed', 'seeds')} each, least work first.`,
    states: { done: 'done', 'under way': 'training', 'to come': 'to come', 'not trained': 'not trained' },
    about: (seconds: number) => `about ${duration(seconds)}`,
    took: (seconds: number) => duration(seconds),
    part: (fraction: number) => percent(fraction),
    skip: 'Skip this size',
  },
};
