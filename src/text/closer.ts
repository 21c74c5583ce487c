/** What a reader sees of a model token by token, and of the kernels that it runs on. */
import { bytes, compact, count, percent, significant, words } from './numbers';
import { insideText } from './inside';

function plural(n: number, one: string, many: string): string {
  return `${words(n)} ${n === 1 ? one : many}`;
}

function ordered(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}

/** How far back: 0 is the token itself. */
function back(distance: number): string {
  return distance === 0 ? 'itself' : `${plural(distance, 'token', 'tokens')} back`;
}

function at(distance: number): string {
  return distance === 0 ? 'itself' : `the one ${words(distance)} back`;
}

export const closerText = {
  title: 'Look closer, token by token',
  lead: 'What happens to a held-out text inside a model of the first seed, from the numbers on the device. It is looked at only while this is open.',
  waiting: 'Press start: the first look comes with the first steps.',
  waitingSweep: 'Sweeps are not looked into while they train. Each size is looked at once, when it has ended.',
  waitingShared:
    'These results were measured elsewhere, or earlier: to look inside, the models have to be trained here.',
  step: (step: number) => `After ${count(step)} steps.`,
  model: 'Model',
  document: 'Text',
  documentName: (index: number, topic: number | undefined) =>
    topic === undefined ? `Text ${index + 1}` : `Text ${index + 1}, ${insideText.topic(topic)}`,
  /** A character, so that it can be seen. */
  character: (character: string) => ({ ' ': '␣', '\n': '↵', '\t': '⇥' })[character] ?? character,
  place: (token: number) => `token ${token + 1}`,

  experts: {
    title: 'Where each token is sent',
    legend: (layers: number, topK: number) =>
      `Under each token ${layers === 1 ? 'the layer' : `the ${words(layers)} layers`} from the top down, in each the ${plural(topK, 'expert', 'experts')} that the token visits: the same number, colour and pattern are the same expert.`,
    keys: 'Point at a token, or walk with the arrow keys, to see who goes the same way.',
    sent: (token: string, place: string, layers: readonly (readonly number[])[]) =>
      `“${token}”, ${place}, visits ${ordered(layers.map((experts, layer) => `in layer ${layer + 1} ${experts.length === 1 ? 'expert' : 'experts'} ${ordered(experts.map((expert) => String(expert + 1)))}`))}.`,
    shared: (same: number, all: number) =>
      same === 0
        ? `No other of the ${count(all)} tokens goes all the same way.`
        : `${same === 1 ? 'One other goes' : `${count(same)} others go`} all the same way.`,
    dense: (arm: string) => `${arm} has no experts: every token goes through all of it.`,
    caption: 'Experts that each token visits, numbered from 1',
    tokenColumn: 'Token',
    layerColumn: (layer: number) => `Layer ${layer + 1}`,
  },

  attention: {
    title: 'What each token looks at',
    picker: 'Layer and head',
    head: (layer: number, head: number, heads: number) =>
      heads === 1 ? `Layer ${layer + 1}` : `Layer ${layer + 1}, head ${head + 1}`,
    image: (name: string, summary: string) => `Attention of ${name}. ${summary}`,
    rows: 'reads',
    columns: 'is looked at',
    walkRow: 'Token that reads',
    walkColumn: 'Token that is looked at',
    future: 'not read yet',
    /** @param share mean over the text */
    habit: (distance: number, share: number) =>
      `Over this text a token looks most at ${at(distance)}: ${percent(share)} on average.`,
    tag: (share: number) => `The topic’s tag, which comes first, gets ${percent(share)}.`,
    rule: (lag: number) =>
      `Whoever is to foresee what comes next has to know the tag and ${lag === 1 ? 'the token at hand' : `the token ${words(lag - 1)} back`}.`,
    reads: (token: string, place: string) => `Reading “${token}”, ${place}, it looks at`,
    looks: (reader: string, place: string, token: string, other: string, share: number, fair: number) =>
      `“${reader}”, ${place}, gives ${percent(share)} to “${token}”, ${other}; evenly spread it would be ${percent(fair)}.`,
    later: (reader: string, token: string) => `“${token}” comes after “${reader}”, which cannot see it.`,
    rest: (n: number, share: number) => `${plural(n, 'other', 'others')} together ${percent(share)}`,
    back,
    scale: 'The stronger the colour, the more attention',
    levels: [0.01, 0.05, 0.2, 0.5, 1] as const,
    keys: 'Point at the map. With the keyboard, the map has two sliders: who reads, and who is looked at.',
    broken: 'This run diverged: its attention means nothing any more.',
    caption: (name: string) => `Share of attention that each token (row) gives to each (column), ${name}`,
    percent,
  },
  asTable: 'As a table',

  kernel: {
    open: (kernel: string, index: number) => `Show the code of ${kernel}, dispatch ${index}`,
    title: (kernel: string) => kernel,
    place: (index: number, all: number) => `Dispatch ${count(index)} of ${count(all)}, counted from 0`,
    previous: 'Previous',
    next: 'Next',
    close: 'Close',
    loading: 'Being fetched …',
    failed: (why: string) => `The code could not be fetched: ${why}`,
    facts: {
      computes: 'Computes',
      grid: 'Grid',
      flops: 'FLOPs',
      bytes: 'Bytes',
      intensity: 'Intensity',
      time: 'Time',
      constants: 'Constants',
      extents: 'Uniform',
      buffers: 'Buffers',
    },
    grid: (grid: readonly number[], size: readonly number[]) => {
      const workgroups = grid.reduce((product, extent) => product * extent, 1);
      const invocations = workgroups * size.reduce((product, extent) => product * extent, 1);
      return `${grid.join(' × ')} workgroups of ${size.filter((extent, i) => i === 0 || extent > 1).join(' × ')}: ${count(invocations)} invocations`;
    },
    flops: (flops: number) => (flops === 0 ? 'none that count' : compact(flops)),
    intensity: (flops: number, moved: number) => `${significant(flops / moved)} FLOPs for each byte`,
    bytes: (moved: number) => `${bytes(moved)} if every tensor is touched once`,
    notMeasured: 'not measured yet: press Measure above the table',
    measured: (time: string, share: string, speed: string, ceiling: string) =>
      `${time}, ${share} of the step${speed === '–' ? '' : `; ${speed} GFLOP/s, ${ceiling} of the limit`}`,
    list: (values: Record<string, number | boolean>) =>
      Object.entries(values)
        .map(
          ([name, value]) =>
            `${name} = ${typeof value === 'number' && !Number.isInteger(value) ? significant(value) : String(value)}`,
        )
        .join(', ') || 'none',
    versions: 'Version of the code',
    ran: 'As it runs',
    written: (file: string) => `${file}.wgsl`,
    ranNote:
      'What the device compiled: includes joined, the constants above put in, loops over them written out, comments gone.',
    writtenNote: 'The file as it was written, for every size and profile.',
    code: (version: string) => `WGSL: ${version}`,
    lines: (n: number) => `${count(n)} lines`,
    all: (n: number) => `Show all ${count(n)} lines`,
    copy: 'Copy',
    copied: 'Copied.',
    notCopied: 'The browser did not allow copying: select the code and copy it yourself.',
  },
};
