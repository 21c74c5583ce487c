/** What a reader sees of the parts below the charts, which arrive with a second script. */
import {
  bytes,
  compact,
  count,
  counted,
  duration,
  nats,
  percent,
  power,
  ratio,
  significant,
  times,
  words,
} from './numbers';

export const belowText = {
  /** Answers once runs have ended. */
  ended: {
    closest: (arm: string, ratio: number, other: string) =>
      `*${arm}* ended *${times(ratio)} closer* to the floor than ${other}.`,
    recorded: (adapter: string, sentence: string) => `Recorded on ${adapter}: ${sentence}`,
    /** Where nothing can be started. */
    previewAlone: (adapter: string) => `Hollow: recorded on ${adapter}.`,
    preview: (adapter: string) => `Hollow: recorded on ${adapter}. Press start, and curves will fall here.`,
    smoke: 'It works. *Choose more compute* and start again for an answer.',
    nothing: 'Every run *diverged*: its loss became infinite or no number. Lower the learning rate and start again.',
    stoppedEarly: (headline: string) => `Stopped early. ${headline}`,
    less: (factor: number, atLeast: boolean) => `${atLeast ? 'at least ' : ''}${times(factor)} less`,
    larger: (large: string, ratio: number, small: string) =>
      `Yes: *${large}* ended *${times(ratio)} closer* to the floor than ${small}.`,
    smaller: (large: string, ratio: number, small: string) =>
      `No: *${large}* ended *${times(ratio)} farther* from the floor than ${small}.`,
    same: (large: string, small: string, seeds: number) =>
      `*No difference* between ${small} and ${large} that ${counted(seeds, 'seed', 'seeds')} can show.`,
    undecided: (large: string, ratio: number, small: string) =>
      `*${large}* ended at *1/${significant(ratio)}* of the distance of ${small} from the floor.`,
    interval: (low: number, high: number) => `95 % interval ${ratio(low)} – ${ratio(high)}`,
    noInterval: 'no interval from one seed',
    seeds: (n: number) => `${counted(n, 'seed', 'seeds')} a size`,
    tokens: (n: number) => `${compact(n)} tokens each`,
    sizes: (n: number) => `${words(n)} sizes are too few for a law`,
    tooShort: 'a smoke run only shows that everything works: nothing has had time to learn',
    diverged: (n: number) => `${counted(n, 'run', 'runs')} diverged and ${n === 1 ? 'is' : 'are'} left out`,
    changed: 'settings were changed while it ran',
    untuned: 'changed from the race as tuned: the learning rate is by rule',
    memory: (arm: string, held: number, other: string, less: number) =>
      `memory: ${arm} holds ${count(held)} numbers, ${other} ${count(less)}: it saves compute, not memory`,
  },

  live: {
    started: 'Training has started.',
    paused: 'Paused.',
    done: (headline: string) => `Finished. ${headline}`,
    stopped: 'Stopped.',
    progress: (step: number, steps: number, left: number, parts: string, what: 'excess' | 'loss' = 'excess') =>
      `Step ${count(step)} of ${count(steps)}, ${duration(left)} left. ${what === 'excess' ? 'Above the floor' : 'Loss'}: ${parts}.`,
  },

  sizes: {
    title: { excess: 'Loss above the floor, against size', loss: 'Loss, against size' },
    axis: 'parameters without embeddings',
    parameters: (n: number) => `${count(n)} parameters`,
    held: (n: number) => `${compact(n)} held`,
    hollowNote: 'Hollow: still training.',
    waiting: 'One dot a size will fall here, and land when its runs have ended.',
    noFit: 'The dotted line only joins the dots. Three sizes are too few to fit a law.',
    summary: (parts: string) => `One point a size: ${parts}.`,
    columns: {
      size: 'Size',
      parameters: 'Parameters',
      seed: (seed: number) => `Seed ${seed}`,
      mean: 'Mean',
      interval: '95 % interval',
    },
    diverging: 'diverged',
  },

  table: { empty: 'Nothing has been measured yet.' },

  hyper: {
    title: 'Change it while it runs',
    note: 'A change takes effect at the next step and is marked on the chart and in the result.',
    idle: 'These come alive with the first step.',
    target: 'Which model',
    all: 'all models',
    rate: 'Learning rate',
    rateHelp: 'how far each step goes; ×1 is the tuned rate',
    rateValue: (factor: number) => `×${factor < 1 ? `1/${significant(1 / factor)}` : significant(factor)}`,
    decay: 'Weight decay',
    decayHelp: 'pulls the weights towards zero at each step',
    clip: 'Gradient clip',
    clipHelp: 'the longest step that a surprise may cause; 0 is no limit',
  },

  source: {
    title: 'What the models read',
    lead: 'A made-up language with one rule, so that the best possible loss is known.',
    topic: (name: string) => `${name} topic, after`,
    topics: ['blue', 'red'] as const,
    /** With a lag of two something stands between. */
    after: (lag: number) => (lag === 1 ? 'ka' : 'ka …'),
    next: [
      ['lo', 'mi', 'tu', 're'],
      ['no', 'sha', 'lo', 'be'],
    ] as const,
    note: (topics: number, tokens: number, lag: number, share: number) =>
      [
        `${count(topics)} topics, ${count(tokens)} syllables.`,
        `The topic and the ${lag === 1 ? 'last syllable' : 'last syllable but one'} decide what may follow; chance decides what does.`,
        share > 0 ? `Here ${percent(share)} of the rules are the same in every topic.` : '',
      ].join(' '),
    floor: (floor: number) =>
      `Even one who knew every rule would lose ${nats(floor, 2)} nats a token: that is the floor.`,
    chosen: 'It was chosen because sparse experts can help with it. Where they cannot is part of the exhibit.',
  },

  design: {
    title: 'What is compared',
    varies: 'Varies',
    tuned: 'Tuned away',
    grid: ({ factors, seeds }: { factors: readonly number[]; seeds: readonly number[] }) =>
      `The grid for every arm: ${factors.map((factor) => `×${significant(factor)}`).join(', ')} of the rule, on seeds ${seeds.join(' and ')}, which no result uses.`,
    fixed: 'Held fixed',
    measured: 'Measured',
    claim: 'Claim',
    published: 'Published',
    literature: (says: string, sources: readonly string[]) => `${says} (${sources.join(', ')})`,
    quote: (claim: string) => `“${claim}”`,
  },

  plan: {
    title: 'Inside one training step',
    lead: (dispatches: number, pipelines: number) =>
      `One step of all seeds of this model is ${count(dispatches)} dispatches of ${count(pipelines)} programs, always in this order. z of the grid is the seed.`,
    model: 'Model',
    loading: 'Being planned …',
    caption: (arm: string) => `The plan of ${arm}`,
    columns: {
      index: '#',
      kernel: 'Kernel',
      label: 'Computes',
      grid: 'Grid',
      bindings: 'Buffers',
      flops: 'FLOPs',
      bytes: 'Bytes',
    },
    measure: {
      start: 'Measure',
      again: 'Measure again',
      lead: 'Times every dispatch on this machine: a matter of seconds on a graphics card, of half a minute without one.',
      busy: 'While training runs nothing is measured: pause it, or wait for its end.',
      noDevice: 'There is no device to measure on.',
      measuring: (done: number, total: number) =>
        total === 0 ? 'Getting ready to measure …' : `Measuring dispatch ${count(done + 1)} of ${count(total)} …`,
      givenUp: 'The measurement was given up, because training goes on.',
      failed: (why: string) => `The measurement broke off: ${why}`,
      done: (gflops: number) =>
        `Each was repeated by itself, on weights that are thrown away; bars are to the scale of the longest. The limit is what this adapter multiplies and adds: ${significant(gflops)} GFLOP/s.`,
      time: (milliseconds: number) =>
        milliseconds < 1 ? `${significant(1000 * milliseconds)}\u00a0µs` : `${significant(milliseconds)}\u00a0ms`,
      speed: (value: number) => (value === 0 ? '–' : significant(value)),
      share: (value: number) => (value === 0 ? '–' : `${significant(100 * value)}\u00a0%`),
      columns: { time: 'Time', share: 'Of the step', gflops: 'GFLOP/s', ceiling: 'Of the limit', gbps: 'GB/s' },
    },
    sum: 'Sum',
    flops: (value: number) => (value === 0 ? '–' : compact(value)),
    bytes: (value: number) => bytes(value),
    grid: (grid: readonly number[]) => grid.join(' × '),
    counts: (total: number, nonEmbedding: number, memory: number) =>
      `${count(total)} parameters, ${count(nonEmbedding)} of them without embeddings; ${bytes(memory)} of GPU memory for all seeds.`,
    charged: (train: number, executed: number) =>
      `Charged by the convention: ${power(train)} FLOPs a step and seed. Executed by these kernels: ${power(executed)}.`,
  },

  keys: {
    title: 'Keys',
    close: 'Close',
    list: [
      ['Space', 'start, pause, resume'],
      ['s', 'one step, while paused'],
      ['Esc', 'stop'],
      ['l', 'log or linear'],
      ['f', 'loss above the floor, or plain loss'],
      ['x', 'next horizontal axis'],
      ['t', 'next theme'],
      ['?', 'this list'],
    ] as readonly (readonly [string, string])[],
    note: 'Off while you type or a control has the focus that uses the key itself. On a chart, the arrow keys walk along the curve.',
  },
};
