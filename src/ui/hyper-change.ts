/** From what the hyper panel asks for to each run's own numbers. */
import type { HyperChange } from './hyper-panel';
import type { Session } from './session';

export function changeHyper(session: Session, { series: target, rateFactor, patch }: HyperChange): void {
  const { series: all, cohorts } = session.store.state;
  all.forEach((series, index) => {
    if (target !== undefined && target !== index) return;
    const cohort = cohorts.find((each) => each.cohort === series.cohort);
    for (const replica of series.replicas) {
      const rate = cohort?.specs[replica]?.hyper.lr ?? 0;
      void session.setHyper(
        series.cohort,
        [replica],
        rateFactor === undefined ? (patch ?? {}) : { lr: rate * rateFactor },
      );
    }
  });
}
