/** Says which run is pointed at, or that none is any more; the page passes it on to every chart and table. */
export class PointEvent extends Event {
  /** @param key `runKey` of law-points.ts */
  constructor(readonly key: string | undefined) {
    super('lab-point', { bubbles: true, composed: true });
  }
}
