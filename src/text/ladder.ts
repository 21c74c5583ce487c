/** A ladder's verdict in one plain sentence. */
import { ratio as bound, times, words } from './numbers';

/** What the sentence is made from. */
export interface LadderFacts {
  outcome: 'larger-better' | 'smaller-better' | 'no-difference' | 'undecided';
  smallest: string;
  largest: string;
  /** Excess of the smallest over excess of the largest. */
  ratio: number;
  interval?: [number, number];
  /** Seeds that both ended with. */
  pairs: number;
  diverged: number;
}

function statement({ outcome, smallest, largest, ratio, pairs }: LadderFacts): string {
  switch (outcome) {
    case 'larger-better':
      return `${largest} ended ${times(ratio)} closer to the floor than ${smallest}`;
    case 'smaller-better':
      return `${largest} ended ${times(1 / ratio)} farther from the floor than ${smallest}`;
    case 'no-difference':
      return `no difference between ${smallest} and ${largest} that ${words(pairs)} seeds can show`;
    case 'undecided':
      return `one seed decides nothing: ${smallest} ended at ${times(ratio)} the distance of ${largest} from the floor`;
  }
}

export function ladderSentence(facts: LadderFacts): string {
  const { interval, pairs, diverged } = facts;
  const said = statement(facts);
  const grounds = [
    ...(interval ? [`95 % interval of their ratio ${bound(interval[0])} to ${bound(interval[1])}`] : []),
    `${words(pairs)} ${pairs === 1 ? 'seed' : 'seeds'} a size`,
    ...(diverged > 0 ? [`${words(diverged)} diverged and left out`] : []),
  ];
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} (${grounds.join(', ')}).`;
}
