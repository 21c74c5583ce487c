/**
 * Which look a line has. The arms of the race have theirs for ever, whatever they are shown with: who has learned
 * that sparse is solid orange need not look at a legend again. Other lines take one by their order.
 */

/** Looks for lines that have none of their own. */
const BY_ORDER = 6;

export const DENSE = 6;
export const SPARSE = 7;

const OF_ARM: Partial<Record<string, number>> = {
  dense: DENSE,
  sparse: SPARSE,
  'dense, equal memory': 5,
  'table by token': 4,
  'table by position': 3,
  'frozen router': 4,
  'frozen, detached': 3,
  'told the topic': 5,
};

export function styleOf(arm: string, order: number): number {
  return OF_ARM[arm] ?? order % BY_ORDER;
}
