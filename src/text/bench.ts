/** The words of the benchmark's page. */
import type { BenchResult } from '../bench-result';
import { count, percent, significant } from './numbers';

const speed = (gflops: number): string => `${significant(gflops, 3)} GFLOP/s`;
const traffic = (gbps: number): string => `${significant(gbps, 3)} GB/s`;
const micro = (microseconds: number): string => `${significant(microseconds, 2)} µs`;
const milli = (milliseconds: number): string => `${significant(milliseconds, 3)} ms`;

export const benchText = {
  title: 'How fast is this machine?',
  lead: 'The lab’s own kernels, each beside what this graphics adapter can do at most. Nothing leaves this page unless you copy it.',
  back: 'Back to the lab',
  start: 'Measure',
  again: 'Measure again',
  extent: { label: 'How much', quick: 'Quick', full: 'Full' },
  quickTakes:
    'Quick takes a second or two on a graphics card, and about two minutes without one; full some ten times that.',
  measuring: (what: string) => `Measuring ${what} …`,
  failed: (why: string) => `The measurement broke off: ${why}`,
  copy: 'Copy result',
  copied: 'Copied.',
  notCopied: 'This browser did not allow copying: use the download.',
  download: 'Download JSON',

  /** In headlines, stars mark what is emphasised. */
  answer: ({ device, ceilings, steps }: BenchResult): string => {
    const step = steps.find(({ name }) => name === 'race, dense');
    const limit = `*${speed(ceilings.multiplyAdd)}*`;
    if (!step) return `${device.name} multiplies and adds at ${limit}.`;
    return `A step of the race trains at *${speed(step.gflops)}*; this adapter multiplies and adds at ${limit}.`;
  },
  device: ({ device }: BenchResult): string => `${device.name}, kernels: ${device.kernelProfile}`,

  ceilings: {
    title: 'What it can do at most, one thing at a time',
    multiplyAdd: 'multiply-adds',
    load: 'reading',
    store: 'writing',
    copy: 'copying, both ways counted',
    dispatch: 'one dispatch among many',
    submit: 'one submit, until it is done',
    barrier: 'one barrier of a workgroup',
    speed,
    traffic,
    micro,
  },
  share: 'share of the limit',
  shareNote:
    'The limit of a kernel is the time in which the adapter could do its multiply-adds or copy its tensors once, whichever is longer.',
  milli,
  percent,
  count,
  kernels: { title: 'Single kernels', kernel: 'kernel', shape: 'shape', time: 'time', flops: 'GFLOP/s', bytes: 'GB/s' },
  steps: {
    title: 'Whole training steps',
    note: 'Share here: of the multiply-adds that the adapter did between the steps. S is 64 wide with sequences of 64 tokens; the race’s models are 16 wide, three seeds at once.',
    step: 'step',
    tokens: 'tokens/s',
    dispatches: 'dispatches',
    build: 'ready after',
  },
  moe: {
    title: 'A sparse layer beside the dense one of equal active compute',
    note: 'Width 64, 1,024 tokens, forward and backward, the router included.',
    layer: 'layer',
    dense: 'dense',
    experts: (experts: number, topK: number) => `${experts} experts, top ${topK}`,
    ratio: 'times dense',
  },
  replicas: {
    title: 'Several seeds in the same dispatches',
    count: 'replicas',
    tokens: 'tokens/s together',
    dispatches: 'dispatches per token',
  },
  dispatches: {
    title: 'Where a step’s time goes, dispatch by dispatch',
    share: 'of the step',
    label: 'what is computed',
  },
};
