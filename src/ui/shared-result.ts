/** From a result file to what the page shows as if it had just been measured: series, ends, and curves step by step. */
import { branchesOf, tokensPerStep } from '../config/flops';
import type { TextSource } from '../config/run-spec';
import { experimentOf } from '../experiments/experiments';
import { lawVerdict } from '../experiments/law-verdict';
import { METRICS, type CohortDescription, type Curve, type ResultFile, type RunResult } from '../protocol';
import type { LinkState } from '../share/link-state';
import { cohortsOf } from './cohorts-of';
import { Curves } from './curves';
import { seriesOf, type Series } from './series';
import { NO_LAW, type End, type LawState, type Shared, type Subject } from './store';

/** Ends of one seed of a series, the last behind. */
function endsOf({ arm }: Series, seed: number, runs: readonly RunResult[]): RunResult[] {
  return runs.filter((run) => run.arm === arm && run.seed === seed).toSorted((a, b) => a.trainFlops - b.trainFlops);
}

/** Loss and floor of each of the steps `from` + 1 … `to`: a recorded point is the mean since the point before it. */
function fill(data: Float32Array, curve: Curve | undefined, from: number, replica: number, replicas: number): void {
  let point = 0;
  const steps = data.length / (replicas * METRICS.length);
  for (let i = 0; i < steps; i++) {
    while (curve && curve.step[point]! < from + 1 + i) point++;
    const loss = curve?.loss[point] ?? NaN;
    const at = (i * replicas + replica) * METRICS.length;
    data[at] = loss;
    data[at + 1] = loss - (curve?.excess[point] ?? NaN);
  }
}

function curvesOf(
  cohorts: readonly CohortDescription[],
  series: readonly Series[],
  runs: readonly RunResult[],
): Curves {
  const curves = new Curves();
  curves.reset(
    cohorts.map(({ cohort, specs }) => ({ cohort, replicas: specs.length, branches: branchesOf(specs[0]!) })),
  );
  for (const { cohort, specs, steps } of cohorts) {
    const branches = branchesOf(specs[0]!);
    const own = series.filter((each) => each.cohort === cohort);
    const byReplica = specs.map((_, replica) => {
      const one = own.find(({ replicas }) => replicas.includes(replica));
      return one ? endsOf(one, one.seeds[one.replicas.indexOf(replica)]!, runs) : [];
    });
    const add = (branch: number, from: number, to: number, curveOf: (ends: RunResult[]) => Curve | undefined): void => {
      const found = byReplica.map(curveOf);
      // A stretch that nobody recorded stays empty; one that ended early ends there.
      const reached = Math.min(to, Math.max(0, ...found.map((curve) => curve?.step.at(-1) ?? 0)));
      if (reached <= from) return;
      const data = new Float32Array((reached - from) * specs.length * METRICS.length);
      found.forEach((curve, replica) => {
        fill(data, curve, from, replica, specs.length);
      });
      const seconds = Math.max(0, ...byReplica.map((ends) => ends.at(-1)?.seconds ?? 0));
      curves.add({ type: 'points', cohort, branch, firstStep: from + 1, steps: reached - from, data }, seconds);
    };
    const stepOf = ({ spec, tokens }: RunResult): number => Math.round(tokens / tokensPerStep(spec));
    // What has no end at the whole budget was stopped, and its longest curve is as far as it came.
    add(-1, 0, steps, (ends) => ends.at(-1)?.curve);
    branches.slice(0, -1).forEach((branch, index) => {
      add(
        index,
        branch.from,
        branch.steps,
        (ends) => ends.slice(0, -1).find((end) => stepOf(end) === branch.steps)?.curve,
      );
    });
  }
  return curves;
}

/** What a law's chart and answer are made of; empty for a race. */
export function lawOf({ experiment: id, runs, fits = [], predictions = [] }: ResultFile): LawState {
  const experiment = experimentOf(id);
  if (!experiment?.law) return NO_LAW;
  const [prediction] = predictions;
  return { ...NO_LAW, runs, fits, prediction, verdict: lawVerdict(experiment, runs, fits, prediction) };
}

/** The text that the runs read, where it is none of the page's own. */
function otherText({ experiment }: LinkState, runs: readonly RunResult[]): TextSource | undefined {
  const [own, read] = [experimentOf(experiment)?.base.source, runs[0]?.spec.source];
  return read?.kind === 'text' && own?.kind === 'text' && read.hash !== own.hash ? read : undefined;
}

/** Everything that the page shows of a result that it has not measured itself. */
export function sharedResult(state: LinkState, result: ResultFile, origin: Shared['origin'] = 'shared'): Shared {
  const { runs, budget } = result;
  const cohorts = cohortsOf(runs);
  const seen = new Set<string>();
  const requests = runs.filter(({ arm, seed }) => {
    const key = JSON.stringify([arm, seed]);
    return !seen.has(key) && seen.add(key);
  });
  const series = seriesOf(requests, cohorts);
  const ends = runs.flatMap((run): End[] => {
    const index = series.findIndex(({ arm, seeds }) => arm === run.arm && seeds.includes(run.seed));
    const found = series[index];
    if (!found) return [];
    const step = Math.round(run.tokens / found.tokensPerStep);
    return [{ ...run, series: index, step, fraction: step === found.steps ? 1 : step / found.steps }];
  });
  const { experiment, case: chosen, seeds } = state;
  const text = otherText(state, runs);
  const setting = { ...state.setting, ...(text && { text }) };
  const subject: Subject = { experiment, budget, case: chosen, setting, ...(seeds && { seeds }) };
  return { origin, subject, result, series, ends, law: lawOf(result), curves: curvesOf(cohorts, series, runs) };
}
