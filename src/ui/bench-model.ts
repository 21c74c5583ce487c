/** What the benchmark's page shows of a result, as tables without a look. */
import type { BenchResult } from '../bench-result';
import { benchText as text } from '../text/bench';

/** Words, or a share of a limit, which is drawn. */
export type Cell = string | { share: number };

export interface Section {
  title: string;
  note: string;
  /** Long, and shown when it is asked for. */
  folded: boolean;
  head: readonly string[];
  rows: readonly Cell[][];
}

export function ceilingTiles({ ceilings }: BenchResult): [name: string, value: string][] {
  const words = text.ceilings;
  return [
    [words.multiplyAdd, words.speed(ceilings.multiplyAdd)],
    [words.load, words.traffic(ceilings.load)],
    [words.store, words.traffic(ceilings.store)],
    [words.copy, words.traffic(ceilings.copy)],
    [words.dispatch, words.micro(ceilings.dispatch)],
    [words.submit, words.micro(ceilings.submit)],
    [words.barrier, words.micro(ceilings.barrier)],
  ];
}

/** A section for every part that was measured. */
export function benchSections(result: BenchResult): Section[] {
  const { kernels, steps, moe, replicas, dispatches } = text;
  const sections: Section[] = [
    {
      ...{ title: steps.title, note: steps.note, folded: false },
      head: [steps.step, kernels.time, kernels.flops, text.share, steps.tokens, steps.dispatches, steps.build],
      rows: result.steps.map((row) => [
        ...[row.name, text.milli(row.milliseconds), String(row.gflops), { share: row.share }],
        ...[text.count(row.tokensPerSecond), text.count(row.dispatches), text.milli(row.planBuildMs)],
      ]),
    },
    {
      ...{ title: kernels.title, note: text.shareNote, folded: false },
      head: [kernels.kernel, kernels.shape, kernels.time, kernels.flops, kernels.bytes, text.share],
      rows: result.kernels.map((row) => [
        ...[row.name, row.shape, text.milli(row.milliseconds), String(row.gflops), String(row.gbps)],
        { share: row.share },
      ]),
    },
    {
      ...{ title: moe.title, note: moe.note, folded: false },
      head: [moe.layer, kernels.time, moe.ratio],
      rows: result.moe.map((row) => [
        row.experts > 0 ? moe.experts(row.experts, row.topK) : moe.dense,
        ...[text.milli(row.milliseconds), String(row.ratioToDense)],
      ]),
    },
    {
      ...{ title: replicas.title, note: '', folded: false },
      head: [replicas.count, replicas.tokens, replicas.dispatches],
      rows: result.replicas.map((row) => [
        ...[String(row.count), text.count(row.tokensPerSecond), String(row.dispatchesPerToken)],
      ]),
    },
    {
      ...{ title: dispatches.title, note: '', folded: true },
      head: [steps.step, dispatches.label, kernels.time, dispatches.share, kernels.flops, kernels.bytes],
      rows: result.dispatches.map((row) => [
        ...[row.step, row.label, text.milli(row.milliseconds), { share: row.share }],
        ...[String(row.gflops), String(row.gbps)],
      ]),
    },
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}
