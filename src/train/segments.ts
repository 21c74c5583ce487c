import type { Branch } from '../config/flops';

/** A stretch of steps of the trunk (`branch` −1) or of one decay branch. */
export interface Segment {
  branch: number;
  /** Steps done when it begins and when it ends. */
  from: number;
  to: number;
}

/**
 * What a cohort trains, in order: the trunk up to where a branch leaves, then that branch to its end, then the
 * trunk again from there. A schedule without branches is one branch that leaves at its end.
 */
export function segmentsOf(branches: Branch[]): Segment[] {
  let trunk = 0;
  return branches
    .flatMap((branch, index) => {
      const segments = [
        { branch: -1, from: trunk, to: branch.from },
        { branch: index, from: branch.from, to: branch.steps },
      ];
      trunk = branch.from;
      return segments;
    })
    .filter((segment) => segment.branch >= 0 || segment.from < segment.to);
}
