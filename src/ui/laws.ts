/**
 * The laws of what has been measured: fitted again, in a worker of their own, as ends arrive. One fit is under way at a
 * time, and the latest ends come next.
 */
import { fitRequests, placeOf, scored } from '../experiments/law-fits';
import type { Experiment } from '../experiments/experiment';
import { lawVerdict } from '../experiments/law-verdict';
import type { FitOutcome, FitProblem, FitWorker } from '../fit-protocol';
import type { FrozenPrediction, RunRequest, RunResult } from '../protocol';
import { text } from '../text/text';
import { fitProblem } from '../text/scaling';
import { connectFit, type Connection } from './connect';
import { NO_LAW, type Store } from './store';

/** What several kinds have in common is said once. */
function said(problems: readonly FitProblem[]): string {
  return [...new Set(problems.map(fitProblem))].join(' ');
}

export class Laws {
  #connection: Connection<FitWorker> | undefined;
  #experiment: Experiment | undefined;
  /** The fit under way; it ends when the latest ends have been fitted. */
  #fitting: Promise<void> | undefined;
  #stale = false;
  /** Sweeps begun: fits of an earlier one are of no use. */
  #begun = 0;

  constructor(
    private readonly store: Store,
    private readonly connect: () => Connection<FitWorker>,
  ) {}

  /** Forgets what was measured. */
  begin(experiment: Experiment, prediction?: FrozenPrediction): void {
    this.#experiment = experiment;
    this.#begun++;
    this.store.update({ law: { ...NO_LAW, prediction } });
  }

  /** Takes in ends; an end that is known already is replaced. */
  add(runs: readonly RunResult[]): void {
    if (!this.#experiment?.law || runs.length === 0) return;
    const { law } = this.store.state;
    const isSame = (a: RunResult, b: RunResult): boolean =>
      a.arm === b.arm && a.seed === b.seed && a.branch.budgetFlops === b.branch.budgetFlops;
    const others = law.runs.filter((known) => !runs.some((run) => isSame(run, known)));
    this.store.update({ law: { ...law, runs: [...others, ...runs] } });
    this.#stale = true;
    this.#fitting ??= this.#fitAll();
  }

  /** Resolves when everything that has arrived is in the fits. */
  async settled(): Promise<void> {
    await this.#fitting;
  }

  /** Predicts, from all that has ended, where the experiment's last run will; undefined where no law can be fitted. */
  async freeze(experiment: Experiment, requests: readonly RunRequest[]): Promise<FrozenPrediction | undefined> {
    await this.settled();
    const { law, bet } = this.store.state;
    const target = requests.find(({ arm }) => arm === experiment.law?.predicted);
    const [request] = fitRequests(experiment, law.runs);
    if (!target || !request) return undefined;
    const at = placeOf(target.spec);
    const { predictions, problems } = await this.#call((worker) => worker.predict(request, at));
    const [made] = predictions;
    if (!made) {
      this.store.update({ law: { ...this.store.state.law, refused: said(problems) } });
      return undefined;
    }
    const { predicted, interval } = made;
    const frozenAt = new Date().toISOString();
    const prediction: FrozenPrediction = {
      ...{ arm: target.arm, x: at.n, predicted, interval, frozenAt },
      ...(bet !== undefined && { bet }),
    };
    this.store.update({ law: { ...this.store.state.law, prediction } });
    this.#judge();
    return prediction;
  }

  async #fitAll(): Promise<void> {
    // So that `#fitting` is set before it can be over.
    await Promise.resolve();
    try {
      while (this.#stale) {
        this.#stale = false;
        const experiment = this.#experiment;
        const begun = this.#begun;
        if (!experiment) break;
        const { runs } = this.store.state.law;
        const outcomes: FitOutcome[] = [];
        for (const request of fitRequests(experiment, runs)) {
          outcomes.push(await this.#call((worker) => worker.fit(request)));
        }
        if (this.#begun !== begun) continue;
        const problems = outcomes.flatMap((outcome) => outcome.problems);
        this.store.update({
          law: {
            ...this.store.state.law,
            fits: outcomes.flatMap(({ fits }) => fits),
            refused: problems.length === 0 ? undefined : said(problems),
          },
        });
        this.#judge();
      }
    } catch (error) {
      // Training goes on without a law; why there is none is said beside the chart.
      const { message } = error as Error;
      this.store.update({ law: { ...this.store.state.law, refused: text.problem.noFit(message) } });
      this.#connection?.close();
      this.#connection = undefined;
      this.#judge();
    } finally {
      this.#fitting = undefined;
    }
  }

  #judge(): void {
    const experiment = this.#experiment;
    if (!experiment) return;
    const { law } = this.store.state;
    const prediction = law.prediction && scored(law.prediction, law.runs);
    const verdict = lawVerdict(experiment, law.runs, law.fits, prediction);
    this.store.update({ law: { ...law, prediction, verdict } });
  }

  #call<T>(action: (worker: Connection<FitWorker>['remote']) => Promise<T>): Promise<T> {
    this.#connection ??= this.connect();
    return Promise.race([action(this.#connection.remote), this.#connection.broken]);
  }
}

const ofStore = new WeakMap<Store, Laws>();

/** The page's laws: one worker, however many experiments are run. */
export function lawsOf(store: Store): Laws {
  let laws = ofStore.get(store);
  if (!laws) ofStore.set(store, (laws = new Laws(store, connectFit)));
  return laws;
}
