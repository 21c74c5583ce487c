/**
 * Every string that a reader sees, in one catalogue. Texts with numbers are functions. In headlines, *stars*
 * mark what is emphasised.
 */
import type { HyperPatch } from '../config/run-spec';
import { capital, compact, count, counted, duration, nats, percent, power, significant, times, words } from './numbers';

export const text = {
  title: 'Scaling Lab',

  exhibit: {
    label: 'Question',
    more: 'More experiments',
    moreShort: 'More',
    short: {
      race: 'Dense or sparse?',
      size: 'Size',
      data: 'Data',
      compute: 'Compute',
      balance: 'Size or data?',
      predict: 'Predict',
      'own-text': 'Your text',
    } as Partial<Record<string, string>>,
    locked: 'Stop the runs first, or wait for their end.',
  },

  keys: 'Keys',
  shareBar: 'Sharing',
  open: 'Open in the Scaling Lab',

  sheets: {
    claims: 'Claims',
    lessons: 'Lessons',
    notLoaded: 'A part of this page could not be loaded: look whether the network is there, and reload.',
  },

  theme: {
    label: 'Theme',
    light: 'Light',
    dark: 'Dark',
    projector: 'Projector',
  },

  answer: {
    opening: 'Looking for the graphics processor …',
    before: (models: number) =>
      `Not measured here yet. *Press start* and watch ${models > 0 ? `${words(models)} models` : 'them'} learn.`,
    literature: (says: string, sources: readonly string[]) => `Published: ${says} (${sources.join(', ')})`,
    cannot: 'Nothing can be trained here yet: *see below* what is missing.',
    preparing: 'Getting ready: the programs for the graphics processor are being compiled.',
    early: 'The models have just *begun to learn*.',
    earlySure: ['every model starts by guessing', 'nobody can get below the floor'],
    earlyText: ['every model starts by guessing'],
    equal: { tokens: 'on equal data', compute: 'at equal compute' },
    level: (arm: string, other: string, match: 'tokens' | 'compute'): string =>
      `So far *${arm}* and ${other} are *level* ${text.answer.equal[match]}.`,
    leading: (arm: string, ratio: number, other: string, match: 'tokens' | 'compute'): string =>
      `So far *${arm}* is *${times(ratio)} closer* to the floor than ${other}, ${text.answer.equal[match]}.`,
    leadingLoss: (arm: string, lower: number, other: string, match: 'tokens' | 'compute'): string =>
      `So far the loss of *${arm}* is *${percent(lower)} lower* than that of ${other}, ${text.answer.equal[match]}.`,
    soFar: (headline: string) => `So far: ${headline}`,
    paused: (headline: string) => `Paused. ${headline}`,
    stopped: 'Stopped before the end: *no answer*, but what was measured stays.',
    failed: 'The runs broke off: *no answer*, but what was measured stays.',
    custom: {
      running: (runs: number) => `${capital(counted(runs, 'run', 'runs'))} under way.`,
      done: (runs: number) => `${capital(counted(runs, 'run', 'runs'))} finished.`,
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
    at: {
      tokens: (n: number) => `compared at ${compact(n)} tokens`,
      compute: (n: number) => `compared at ${power(n)} FLOPs each`,
    },
    training: 'training loss, not final',
  },

  chart: {
    curves: { excess: 'Loss above the floor, while training', loss: 'Loss, while training' },
    memory: { excess: 'Loss above the floor, against numbers', loss: 'Loss, against numbers' },
    vertical: { excess: 'nats above the floor', loss: 'loss in nats per token' },
    horizontal: {
      flops: { button: 'FLOPs', axis: 'training compute in FLOPs', exact: (x: number) => `${power(x)} FLOPs` },
      tokens: { button: 'tokens', axis: 'tokens read', exact: (x: number) => `${compact(x)} tokens` },
      steps: { button: 'steps', axis: 'training steps', exact: (x: number) => `step ${count(x)}` },
      seconds: {
        button: 'seconds',
        axis: 'seconds of training, each model’s own',
        exact: (x: number) => `${significant(x, 3)} seconds`,
      },
      parameters: {
        button: 'parameters',
        axis: 'numbers in the model',
        exact: (x: number) => `${count(x)} numbers`,
      },
    },
    memoryNote: 'Dot: numbers that one token uses, embeddings aside. The line’s end: all that are held in memory.',
    about: (what: string, title: string) => `${what}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
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
      loss: 'loss',
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
    dotNote: 'Solid: measured at an end, on text that no model was trained on. ±: 95 % interval over seeds.',
    branchNote: 'Thin: the same run with its rate taken to zero early, as if the budget ended there.',
    table: 'As a table',
    summaryBefore: 'No curve yet.',
    summary: (parts: string, floor: boolean) =>
      `Curves fall from guessing${floor ? ' towards the floor' : ''}. Now: ${parts}.`,
    point: (arm: string, value: number | undefined) => `${arm} ${nats(value, 2)}`,
    waiting: ({ lines, seeds }: { lines: number; seeds: number }) =>
      `Here ${counted(lines, 'curve', 'curves')} will fall${seeds > 1 ? `, each with a band for its ${words(seeds)} seeds` : ''}.`,
    range: (low: number, high: number) => `${nats(low, 2)} – ${nats(high, 2)}`,
  },

  run: {
    label: 'Run',
    start: 'Start',
    again: 'Start again',
    here: 'Run it here',
    pause: 'Pause',
    resume: 'Resume',
    step: 'One step',
    stop: 'Stop',
    stopping: 'Stopping …',
    preparing: 'Getting ready …',
    budget: { tokens: 'Data for each model', compute: 'Compute for each model' },
    flops: (flops: number) => `${power(flops)} FLOPs`,
    tokens: (tokens: number) => `${compact(tokens)} tokens`,
    smoke: 'a quick check',
    takes: (seconds: number) => `about ${duration(seconds)}`,
    measuring: (runs: number) => `${capital(words(runs))} runs; measuring this machine …`,
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

  footer: {
    device: (name: string, profile: string) => `${name} · ${profile} kernels`,
    asked: 'Kernels as the address asks',
    probe: (rows: readonly { kernelProfile: string; milliseconds: number | null }[]) =>
      `Chosen by a probe: ${rows
        .map(({ kernelProfile, milliseconds: time }) =>
          time === null ? `${kernelProfile} gave no answer in time` : `${kernelProfile} ${significant(1000 * time)} µs`,
        )
        .join(', ')}`,
    software:
      'WebGPU runs in software here: everything works, slowly; for speed, switch on hardware acceleration in the browser’s settings',
    noDevice: 'no WebGPU device',
    privacy: 'Nothing leaves this machine',
    bench: 'How fast is this machine?',
    version: (version: string) => `v${version}`,
  },

  problem: {
    title: {
      'insecure-context': 'This address is not secure',
      'no-webgpu': 'This browser has no WebGPU',
      'no-adapter': 'No graphics processor was found',
      kernels: 'These kernels cannot run here',
      'device-lost': 'The graphics processor was lost',
      limits: 'Too large for this graphics processor',
      memory: 'Too large for the memory',
      spec: 'This run is impossible',
      text: 'This text cannot be read',
      shader: 'A program did not compile',
      busy: 'Something is running already',
      'held-up': 'The runs are held up',
      internal: 'Something went wrong',
    },
    dismiss: 'Dismiss',
    busy: 'Runs are under way already: stop them first, or wait for their end.',
    noFit: (message: string) =>
      `The worker that fits laws broke down (${message.replace(/\.$/, '')}): what was measured stays; start again for a law.`,
    noSuchExperiment: 'There is no such experiment, case or budget.',
    stoppedEarly: 'The runs were stopped before the first step.',
    abandoned: 'The training worker did not answer and was ended.',
    slowToOpen:
      'The browser has not answered the request for a graphics processor yet; if nothing happens, close other tabs that use it and reload this page.',
    silent: 'No news from the training for 20 seconds: it may be held up by other programs; wait, or press stop.',
    asleep:
      'This tab was put to sleep for a while, and its runs with it: they go on from where they were. Keep it in front, or in a window of its own, until they end.',
    internal: (message: string) =>
      `The training worker broke down (${message.replace(/\.$/, '')}): press start to try again.`,
  },
};
