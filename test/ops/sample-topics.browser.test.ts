/** The GPU's sampler and src/data/topics.ts make the same documents, word for word. */
import { expect, test } from 'vitest';
import type { Hyper, StaticConfig, TopicsSource } from '../../src/config/run-spec';
import { scheduleTable } from '../../src/config/schedule';
import { evaluationBatch, topicTables, trainingBatch, type TopicsDocument } from '../../src/data/topics';
import { sampleTopics } from '../../src/ops/sample-topics';
import { hyperRow } from '../../src/train/hyper-row';
import { raceHyper, smallConfig } from '../config/specs';
import { asWords, runOp, words, type OpRun } from './harness';

/** Length of the schedule; the last two steps asked for lie behind it. */
const STEPS = 30;

/** Two replicas that differ in seed and in whatever the case says. */
function hypers(changes: Partial<Hyper>): Hyper[] {
  return [
    { ...raceHyper, seed: 3, zipf: 1, ...changes },
    { ...raceHyper, seed: 0xfffffffe, zipf: 0, ...changes },
  ];
}

type Sampled = OpRun<'inputs' | 'targets' | 'nll', string>['outputs'];

/** The batch of one step on the GPU. */
async function sample(config: StaticConfig<TopicsSource>, rows: Hyper[], stream: 'train' | 'evaluate', step: number) {
  const tables = rows.map((hyper) => topicTables(config.source, hyper));
  const schedules = rows.map((hyper) => scheduleTable(config.schedule, hyper, STEPS, STEPS, STEPS));
  const counter = (): Uint32Array => Uint32Array.from({ length: 64 }, (_, i) => (i === 0 ? step : 0));
  const { topics, vocabSize } = config.source;
  const run = await runOp(
    {
      hyper: words([64], ...rows.map((hyper) => hyperRow(hyper, config.source))),
      schedule: words([STEPS, 4], ...schedules.map(({ buffer }) => new Uint32Array(buffer))),
      counters: words([64], counter(), counter()),
      cdf: words([topics], ...tables.map(({ cdf }) => cdf)),
      successors: words([topics * vocabSize * 4], ...tables.map(({ successors }) => successors)),
    },
    (b, t) => ({ ...sampleTopics(b, t, { ...config, ...config.source }, stream) }),
  );
  return run.outputs;
}

function expectDocuments(got: Sampled, want: TopicsDocument[][]): void {
  for (const field of ['inputs', 'targets', 'nll'] as const) {
    const wanted = want.map((documents) =>
      documents.flatMap((document) => [...asWords([wordsOf(document[field])])[0]!]),
    );
    expect(asWords(got[field]), field).toEqual(wanted);
  }
}

function wordsOf(values: Uint32Array | Float32Array): Float32Array {
  return new Float32Array(values.buffer, values.byteOffset, values.length);
}

const CASES: [string, Partial<Hyper>][] = [
  ['clean, never repeated', {}],
  ['noise', { noise: 0.3 }],
  ['nothing but noise', { noise: 1 }],
  ['seven unique documents', { uniqueDocuments: 7, noise: 0.1 }],
  ['easy first', { curriculum: 'easy-first' }],
  ['hard first, shared rows', { curriculum: 'hard-first', share: 0.6 }],
];

for (const lag of [1, 2] as const) {
  const config: StaticConfig<TopicsSource> = { ...smallConfig(), seqLen: 13, batchSize: 19 };
  config.source = { ...config.source, lag };
  test.each(CASES)(`training batches, lag ${lag}: %s`, async (_name, changes) => {
    const rows = hypers(changes);
    for (const step of [0, 1, 7, STEPS - 1, STEPS, 300_000_000]) {
      const want = rows.map((hyper) => {
        const table = scheduleTable(config.schedule, hyper, STEPS, STEPS, STEPS);
        const open = table[4 * Math.min(step, STEPS - 1) + 3]!;
        return trainingBatch(config, hyper, topicTables(config.source, hyper), step, open);
      });
      expectDocuments(await sample(config, rows, 'train', step), want);
    }
  });

  test(`evaluation batches, lag ${lag}, know neither noise nor repetition nor curriculum`, async () => {
    const rows = hypers({ noise: 0.5, uniqueDocuments: 3, curriculum: 'easy-first' });
    for (const batch of [0, 1, 12]) {
      const want = rows.map((hyper) => evaluationBatch(config, hyper, topicTables(config.source, hyper), batch));
      expectDocuments(await sample(config, rows, 'evaluate', batch), want);
    }
  });
}

test('different steps and seeds give different documents', async () => {
  const config = { ...smallConfig(), seqLen: 13, batchSize: 19 };
  const batches = [0, 1].map((step) => sample(config, hypers({}), 'train', step));
  const [first, second] = (await Promise.all(batches)).map(({ inputs }) => asWords(inputs).map((part) => part.join()));
  expect(new Set([...first!, ...second!]).size).toBe(4);
});
