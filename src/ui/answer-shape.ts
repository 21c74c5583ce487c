/** An answer in words. */
export interface Answer {
  headline: string;
  /** Short clauses, in the order of their weight. */
  sure: string[];
}
