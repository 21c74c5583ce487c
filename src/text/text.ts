/**
 * Every string that a reader sees, in one catalogue. Texts with numbers are functions. In headlines, *stars*
 * mark what is emphasised.
 */
import type { HyperPatch } from '../config/run-spec';
import { bytes, compact, count, duration, nats, percent, power, ratio, significant, times, words } from './numbers';

/** Opens a sentence. */
function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function plural(n: number, one: string, many: string): string {
  return `${words(n)} ${n === 1 ? one : many}`;
}

export const text = {
  title: 'Scaling Lab',
  skip: 'Skip to the chart',

  theme: {
    label: 'Theme',
    light: 'Light',
    dark: 'Dark',
    projector: 'Projector',
  },

  answer: {
    opening: 'Looking for the graphics processor …',
    before: 'Not measured here yet. *Press start* and watch nine models learn.',
    literature: (says: string, sources: readonly string[]) => `Published: ${says} (${sources.join(', ')})`,
    cannot: 'Nothing can be trained here yet: *see below* what is missing.',
    preparing: 'Getting ready: the programs for the graphics processor are being compiled.',
    early: 'The models have just *begun to learn*.',
    earlySure: ['every model starts by guessing', 'nobody can get below the floor'],
    close: 'So far the sizes are *level* on equal data.',
    leading: (arm: string, ratio: number, other: string) =>
      `So far *${arm}* is *${times(ratio)} closer* to the floor than ${other}, on equal data.`,
    paused: (headline: string) => `Paused. ${headline}`,
    larger: (large: string, ratio: number, small: string) =>
      `Yes: *${large}* ended *${times(ratio)} closer* to the floor than ${small}.`,
    smaller: (large: string, ratio: number, small: string) =>
      `No: *${large}* ended *${times(ratio)} farther* from the floor than ${small}.`,
    same: (large: string, small: string, seeds: number) =>
      `*No difference* between ${small} and ${large} that ${plural(seeds, 'seed', 'seeds')} can show.`,
    undecided: (large: string, ratio: number, small: string) =>
      `*${large}* ended at *1/${significant(ratio)}* of the distance of ${small} from the floor.`,
    smoke: 'It works. *Choose more compute* and start again for an answer.',
    nothing: 'Every run diverged: there is nothing to compare.',
    stopped: 'Stopped before the end: *no answer*, but what was measured stays.',
    failed: 'The runs broke off: *no answer*, but what was measured stays.',
    custom: {
      running: (runs: number) => `${capital(plural(runs, 'run', 'runs'))} under way.`,
      done: (runs: number) => `${capital(plural(runs, 'run', 'runs'))} finished.`,
    },
  },

  /** Names of runs that were asked for without one. */
  arm: {
    width: (dModel: number | undefined) => `width ${dModel ?? '?'}`,
    rate: (dModel: number | undefined, lr: number | undefined) =>
      `width ${dModel ?? '?'}, rate ${lr === undefined ? '?' : significant(lr, 3)}`,
    number: (n: number) => `run ${n}`,
  },

  /** The small print under the answer. */
  sure: {
    interval: (low: number, high: number) => `95 % interval ${ratio(low)} – ${ratio(high)}`,
    noInterval: 'no interval from one seed',
    seeds: (n: number) => `${plural(n, 'seed', 'seeds')} a size`,
    tokens: (n: number) => `${compact(n)} tokens each`,
    sizes: (n: number) => `${words(n)} sizes are too few for a law`,
    smoke: 'a smoke run only shows that everything works: nothing has had time to learn',
    diverged: (n: number) => `${plural(n, 'run', 'runs')} diverged and ${n === 1 ? 'is' : 'are'} left out`,
    changed: 'settings were changed while it ran',
    atTokens: (n: number) => `compared at ${compact(n)} tokens`,
    training: 'training loss, not final',
  },

  chart: {
    curves: { excess: 'Loss above the floor, while training', loss: 'Loss, while training' },
    sizes: { excess: 'Loss above the floor, against size', loss: 'Loss, against size' },
    vertical: { excess: 'nats above the floor', loss: 'loss in nats per token' },
    horizontal: {
      flops: { button: 'FLOPs', axis: 'training compute in FLOPs', exact: (x: number) => `${power(x)} FLOPs` },
      tokens: { button: 'tokens', axis: 'tokens read', exact: (x: number) => `${compact(x)} tokens` },
      steps: { button: 'steps', axis: 'training steps', exact: (x: number) => `step ${count(x)}` },
      seconds: { button: 'seconds', axis: 'seconds of training, all runs together', exact: (x: number) => duration(x) },
    },
    size: 'parameters without embeddings',
    parameters: (n: number) => `${count(n)} parameters`,
    logarithmic: (axis: string) => `${axis} (log)`,
    at: (place: string) => `at ${place}`,
    guessing: 'guessing',
    floor: (value: string) => `the floor, ${value}: nobody gets below`,
    floorZero: 'the floor: nobody gets below',
    plusMinus: (mean: string, half: string) => `${mean} ± ${half}`,
    diverged: (seed: number) => `seed ${seed} diverged`,
    change: (patch: HyperPatch) =>
      [
        patch.lr === undefined ? '' : `rate ${significant(patch.lr)}`,
        patch.weightDecay === undefined ? '' : `decay ${significant(patch.weightDecay)}`,
        patch.clipNorm === undefined
          ? ''
          : patch.clipNorm === 0
            ? 'no clipping'
            : `clip ${significant(patch.clipNorm)}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    controls: {
      vertical: 'What is drawn',
      excess: 'above floor',
      loss: 'plain loss',
      horizontal: 'Horizontal axis',
      scale: 'Scale',
      log: 'log',
      linear: 'linear',
      band: 'Band',
      range: 'all seeds',
      interval: '95 % of the mean',
    },
    bandNote: {
      range: 'Line: mean of the seeds. Band: from the lowest seed to the highest.',
      interval: 'Line: mean of the seeds. Band: 95 % interval of that mean (Student’s t).',
    },
    dotNote: 'Solid: measured at the end on text that no model was trained on; bar: 95 % interval over seeds.',
    hollowNote: 'Hollow: still training.',
    sizesWaiting: 'One dot a size will fall here, and land when its runs have ended.',
    noFit: 'The dotted line only joins the dots. Three sizes are too few to fit a law.',
    table: 'As a table',
    summaryBefore: 'No curve yet.',
    summary: (parts: string) => `Curves fall from guessing towards the floor. Now: ${parts}.`,
    sizesSummary: (parts: string) => `One point a size: ${parts}.`,
    point: (arm: string, value: number | undefined) => `${arm} ${nats(value, 2)}`,
    waiting: 'Here nine curves will fall: one line a size, one band for its three seeds.',
    emptyTable: 'Nothing has been measured yet.',
    range: (low: number, high: number) => `${nats(low, 2)} – ${nats(high, 2)}`,
    columns: {
      step: 'Step',
      size: 'Size',
      parameters: 'Parameters',
      rate: 'Rate',
      seed: (seed: number) => `Seed ${seed}`,
      mean: 'Mean',
      interval: '95 % interval',
    },
    diverging: 'diverged',
  },

  run: {
    label: 'Run',
    start: 'Start',
    again: 'Start again',
    pause: 'Pause',
    resume: 'Resume',
    step: 'One step',
    stop: 'Stop',
    stopping: 'Stopping …',
    preparing: 'Getting ready …',
    budget: 'Compute for the largest model',
    budgetName: (flops: number) => `${power(flops)} FLOPs`,
    smoke: 'a quick check',
    takes: (seconds: number) => `about ${duration(seconds)}`,
    measuring: 'measuring this machine …',
    unknown: 'time unknown',
    willTake: (seconds: number, runs: number) =>
      `${capital(words(runs))} runs, about ${duration(seconds)} on this machine.`,
    willRun: (runs: number) => `${capital(words(runs))} runs.`,
    progress: 'Progress',
    done: (fraction: number) => `${percent(fraction)} done`,
    left: (seconds: number) => `${duration(seconds)} left`,
    took: (seconds: number) => `took ${duration(seconds)}`,
    compiling: (done: number, total: number) => `compiled ${count(done)} of ${count(total)} programs`,
    download: 'Download result',
  },

  hyper: {
    title: 'Change it while it runs',
    note: 'A change takes effect at the next step and is marked on the chart and in the result.',
    idle: 'These come alive with the first step.',
    target: 'Which size',
    all: 'all sizes',
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
    after: 'ka',
    next: [
      ['lo', 'mi', 'tu', 're'],
      ['no', 'sha', 'lo', 'be'],
    ] as const,
    note: (topics: number, tokens: number, floor: number) =>
      `${count(topics)} topics, ${count(tokens)} syllables. The topic and the last syllable decide what may follow; chance decides what does. Even one who knew every rule would lose ${nats(floor, 2)} nats a token: that is the floor.`,
  },

  design: {
    title: 'What is compared',
    varies: 'Varies',
    tuned: 'Tuned away',
    fixed: 'Held fixed',
    measured: 'Measured',
    claim: 'Claim',
    quote: (claim: string) => `“${claim}”`,
  },

  plan: {
    title: 'Inside one training step',
    lead: (dispatches: number, pipelines: number) =>
      `One step of all seeds of this size is ${count(dispatches)} dispatches of ${count(pipelines)} programs, always in this order. z of the grid is the seed.`,
    size: 'Size',
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
    sum: 'Sum',
    flops: (value: number) => (value === 0 ? '–' : compact(value)),
    bytes: (value: number) => bytes(value),
    grid: (grid: readonly number[]) => grid.join(' × '),
    counts: (total: number, nonEmbedding: number, memory: number) =>
      `${count(total)} parameters, ${count(nonEmbedding)} of them without embeddings; ${bytes(memory)} of GPU memory.`,
    charged: (train: number, executed: number) =>
      `Charged by the convention: ${power(train)} FLOPs a step and seed. Executed by these kernels: ${power(executed)}.`,
  },

  keys: {
    title: 'Keys',
    open: 'Keys',
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

  footer: {
    device: (name: string, profile: string) => `${name} · ${profile} kernels`,
    software: 'WebGPU in software: everything works, slowly',
    noDevice: 'no WebGPU device',
    privacy: 'Nothing leaves this machine',
    version: (version: string) => `v${version}`,
  },

  live: {
    started: 'Training has started.',
    paused: 'Paused.',
    done: (headline: string) => `Finished. ${headline}`,
    stopped: 'Stopped.',
    progress: (done: number, left: number, parts: string) =>
      `${percent(done)} done, ${duration(left)} left. Above the floor: ${parts}.`,
  },

  problem: {
    title: {
      'insecure-context': 'This address is not secure',
      'no-webgpu': 'This browser has no WebGPU',
      'no-adapter': 'No graphics processor was found',
      'device-lost': 'The graphics processor was lost',
      limits: 'Too large for this graphics processor',
      memory: 'Too large for the memory',
      spec: 'This run is impossible',
      shader: 'A program did not compile',
      busy: 'Something is running already',
      internal: 'Something went wrong',
    },
    dismiss: 'Dismiss',
    busy: 'Runs are under way already: stop them first, or wait for their end.',
    stoppedEarly: 'The runs were stopped before the first step.',
    abandoned: 'The training worker did not answer and was ended.',
    slowToOpen:
      'The browser has not answered the request for a graphics processor yet; if nothing happens, close other tabs that use it and reload this page.',
    silent: 'No news from the training for 20 seconds: it may be held up by other programs; wait, or press stop.',
    internal: (message: string) =>
      `The training worker broke down (${message.replace(/\.$/, '')}): press start to try again.`,
  },
};
