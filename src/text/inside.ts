/** What a reader sees of the race's cards: its controls, its counter-examples, its experts and its tokens. */
import { capital, count, duration, nats, percent, power, significant, times, words } from './numbers';

/** The 32 shared tokens, so that they can be read aloud and told apart. */
const SYLLABLES = [
  ...['ka', 'lo', 'mi', 'tu', 're', 'sha', 'no', 'be', 'di', 'fu', 'ga', 'he', 'ji', 'ko', 'la', 'me'],
  ...['na', 'po', 'qui', 'ro', 'su', 'ta', 'vi', 'wo', 'xe', 'ya', 'zo', 'bu', 'da', 'fe', 'gi', 'hu'],
];

const TOPICS = [
  ...['blue', 'green', 'red', 'gold', 'violet', 'grey', 'orange', 'teal'],
  ...['pink', 'brown', 'lime', 'navy', 'olive', 'plum', 'sky', 'rust'],
];

function topic(index: number): string {
  return TOPICS[index] ?? `topic ${index + 1}`;
}

/** How a model did on one token. */
export interface Said {
  arm: string;
  probability: number;
  /** Its first guess, where that was another syllable. */
  instead?: { syllable: string; probability: number };
}

export const insideText = {
  /** Tokens beyond the 32 have numbers. */
  syllable: (token: number) => SYLLABLES[token] ?? `s${token}`,
  topic,

  controls: {
    title: 'Change the race',
    experts: 'Experts',
    expertsHelp: 'specialists in each layer of the sparse model',
    topK: 'Visited',
    topKValue: (k: number) => `${k} of them`,
    topKHelp: 'experts that a token is sent to',
    width: 'Width',
    widths: (sparse: number, others: readonly number[]) =>
      others.length > 0 ? `${sparse}, dense ${others.join(', ')}` : `${sparse}`,
    widthHelp: 'numbers that stand for a token, in every model',
    lag: 'Lag',
    lagHelp: 'how many tokens back the one lies that decides',
    lagValue: (lag: number) => `${lag}`,
    share: 'What topics share',
    shareHelp: 'of the rules; at 90 % there is little left to gain',
    clamped: (k: number) =>
      k === 1
        ? 'A token can visit only one expert: there is no other.'
        : `A token can visit ${words(k)} experts at most: there are no more.`,
    changed: 'Changed from the race as tuned: the learning rate is by rule.',
    otherCase: (title: string) => `On the chart: “${title}”.`,
    back: 'Back to the race',
    counts: {
      caption: 'Equal compute for each, whatever is set',
      model: 'Model',
      total: 'Numbers held',
      active: 'used by a token',
      steps: 'Steps',
    },
  },

  cases: {
    less: {
      title: 'When is there less to gain?',
      lead: 'The same race where a fixed table does as well, where there is little to learn apart, and at equal memory.',
    },
    router: {
      title: 'Is it the router?',
      lead: 'The same race with the choice of experts taken away, or never trained.',
    },
    notRecorded: 'Not recorded yet.',
    /** @param date as 2026-01-31 */
    recorded: (adapter: string, date: string) =>
      `Recorded on ${adapter}, ${new Date(date).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' })}`,
    measured: 'Measured here just now',
    partly: 'Stopped early',
    each: (flops: number) => `${power(flops)} FLOPs each`,
    seeds: (n: number) => `${words(n)} ${n === 1 ? 'seed' : 'seeds'}`,
    underWay: 'Under way, on the chart above.',
    run: 'Run it here',
    takes: (seconds: number) => `about ${duration(seconds)}`,
    /** For those who cannot see what the button belongs to. */
    runOf: (title: string) => `: ${title}`,
    value: (mean: number, half: number | undefined) =>
      half === undefined ? nats(mean, 2) : `${nats(mean, half < 0.01 ? 3 : 2)} ± ${nats(half, half < 0.01 ? 3 : 2)}`,
    diverged: (n: number, all: number) => (n === all ? 'diverged' : `${n} of ${all} diverged`),
    axis: 'nats above the floor; shorter is better',
    table: (title: string) => `${title}: nats above the floor`,
    noDifference: (a: string, b: string) => `no difference between ${a} and ${b}`,
    closer: (a: string, ratio: number, b: string) => `${a} ended ${times(ratio)} closer to the floor than ${b}`,
    nearFloor: (a: string, x: number, b: string, y: number) =>
      `${a} and ${b} both all but reach the floor, ${nats(x)} and ${nats(y)} nats above it, so there is little left to gain`,
    slightlyCloser: (a: string, b: string) => `${a} ended a little closer to the floor than ${b}`,
    oneSeed: (a: string, ratio: number, b: string) =>
      `${a} ended at ${significant(1 / ratio)} of the distance of ${b}, by one seed`,
    join: (findings: readonly string[]) => `${capital(findings.join('; '))}.`,
  },

  heat: {
    title: 'Which expert sees what',
    layer: 'Layer',
    layerName: (layer: number) => `Layer ${layer + 1}`,
    model: 'Model',
    none: 'No sparse model is on the chart, so there is nothing to route.',
    waiting: 'This fills as soon as the sparse model trains: one row a topic, one column an expert.',
    legend: 'Darker: more of that topic’s tokens visit this expert.',
    all: 'all topics',
    expert: (expert: number) => `Expert ${expert + 1}`,
    idle: 'idle',
    cell: (share: number, topicName: string, expert: number) =>
      `${percent(share)} of the tokens in the ${topicName} topic visit expert ${expert + 1}.`,
    absent: (topicName: string) => `The ${topicName} topic did not occur.`,
    total: (share: number, fair: number, expert: number) =>
      `${percent(share)} of all tokens visit expert ${expert + 1}; an even share is ${percent(fair)}.`,
    entropy: (value: number, most: number) =>
      `How undecided the router is: ${significant(value)} of ${significant(most)} nats.`,
    table: 'A table sends them: it is never undecided.',
    favourite: (share: number, fair: number) =>
      `A topic’s favourite expert gets ${percent(share)} of its tokens; evenly spread it would be ${percent(fair)}.`,
    dead: (n: number) => (n === 0 ? '' : `${capital(words(n))} ${n === 1 ? 'expert sits' : 'experts sit'} idle.`),
    diverged: 'This run diverged: what its router does means nothing any more.',
    step: (step: number) => `After ${count(step)} steps, first seed.`,
    first: (shown: number, all: number) => `The first ${count(shown)} of ${count(all)} topics.`,
    asTable: 'As a table',
    caption: (layer: number) => `Share of each topic’s tokens that visit each expert, layer ${layer + 1}`,
    topicColumn: 'Topic',
    percent,
  },

  tokens: {
    title: 'What comes next?',
    waiting: 'Here the models will guess text that none of them was trained on, token by token.',
    legend: (first: string, second: string | undefined) =>
      second === undefined
        ? `Bar: how likely ${first} held the syllable.`
        : `Left bar: how likely ${first} held the syllable; right bar: ${second}.`,
    legendRest: 'Full: its first guess. Hollow: it guessed another. Tick: the rule’s own odds.',
    document: (index: number, name: string) => `Text ${index + 1}, ${name} topic`,
    free: (syllable: string) => `${syllable} came by pure chance and is not scored.`,
    after: (key: string, between: readonly string[], name: string, syllable: string) =>
      `After ${[key, ...between].join(', then ')}, in the ${name} topic, comes ${syllable}`,
    said: ({ arm, probability, instead }: Said) =>
      `${arm} says ${percent(probability)}${instead ? ` (its guess: ${instead.syllable}, ${percent(instead.probability)})` : ''}`,
    odds: (odds: number) => `the rule’s odds: ${percent(odds)}`,
    sentence: (first: string, said: readonly string[], odds: string) => `${first}: ${said.join(', ')}; ${odds}.`,
    score: (arm: string, hits: number, all: number) => `${arm} ${hits} of ${all}`,
    scores: (parts: readonly string[]) =>
      `Right at the first guess: ${parts.join(', ')}. Who knew every rule: 70 in 100.`,
    keys: 'Arrow keys walk along the text.',
  },
};
