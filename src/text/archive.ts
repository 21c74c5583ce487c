/** What a reader sees of the runs that are kept: the table, its dialogs, and why something could not be kept. */
import { count, words } from './numbers';

const inMemory = 'Runs go on, but what is not written will be gone when this tab is closed: export what you need.';

function plural(n: number, one: string, many: string): string {
  return `${words(n)} ${n === 1 ? one : many}`;
}

export const archiveText = {
  problem: {
    full: `The browser’s storage for this page is full. ${inMemory} Deleting runs that you no longer need makes room.`,
    forbidden: `This browser does not let the page store anything (a private window, or blocked site data). ${inMemory}`,
    newer: `The runs here were kept by a newer version of the lab: reload the page to get it. ${inMemory}`,
    slow: `The browser’s storage does not answer yet. ${inMemory}`,
    blocked: `Another tab keeps an older version of the lab open: close it or reload it. ${inMemory}`,
    superseded: `A newer version of the lab was opened in another tab: reload this one once its runs are done. ${inMemory}`,
    terminated: `The browser closed the storage, as it does when site data are deleted: reload the page once your runs are done. ${inMemory}`,
    failed: (why: string) => `The browser could not store runs (${why}). ${inMemory}`,
    unknownSweep:
      'A result arrived for runs that nobody had announced and was not kept: reload the page and start again.',
    unreadableSweep:
      'What was kept of these runs is damaged or from another version of the lab: they cannot go on; start them anew.',
    held: 'These runs are being trained already, perhaps in another tab: go on there, or close it first.',
  },

  unreadable: (n: number) =>
    `${n === 1 ? 'One record' : `${count(n)} records`} could not be read (damaged, or from another version of the lab) and ${n === 1 ? 'is' : 'are'} left out; nothing was deleted.`,

  /** In the JSON beside exported weights. */
  naming: [
    'All tensors are float32 and row-major. A weight is [inputs, outputs], so that y = x · W + b; experts are [experts, inputs, outputs].',
    'layers.N.qkv: columns are q, k, v, each [heads, head width]. layers.N.proj: attention’s output. layers.N.fc1, fc2: the MLP, or each expert’s.',
    'layers.N.norm1 stands before attention, norm2 before the MLP, finalNorm before the head. Of layers.N.router.weight the columns behind the last expert are padding.',
    'Tokens are 0 … vocabSize − 1, and topic z of the first position is token vocabSize + z.',
  ],

  title: 'Runs kept in this browser',
  loading: 'Being read …',
  empty: 'None yet. Every run that ends will be listed here, with its curve and its weights, and stay after a reload.',
  filter: 'Filter',
  filterHelp: 'words that a row must have, such as: race sparse',
  noMatch: 'No run has all these words.',
  shown: (shown: number, all: number) =>
    shown === all ? `${count(all)} ${all === 1 ? 'run' : 'runs'}` : `${count(shown)} of ${count(all)} runs`,
  selected: (n: number) => `${count(n)} selected`,
  selectAll: 'Select all that are shown',
  select: (run: string) => `Select ${run}`,
  pin: (run: string) => `Pin ${run} to the top`,
  nameIt: (run: string) => `Name ${run}`,
  unnamed: 'name …',
  /** A row, for those who cannot see it. */
  run: (arm: string, seed: number, name: string) => `${name ? `${name}: ` : ''}${arm}, seed ${seed}`,

  columns: {
    name: 'Name',
    experiment: 'Experiment',
    arm: 'Arm',
    seed: 'Seed',
    width: 'Width',
    experts: 'Experts',
    active: 'Active parameters',
    tokens: 'Tokens',
    flops: 'FLOPs',
    rate: 'Learning rate',
    excess: 'Above the floor',
    loss: 'Loss',
    diverged: 'Diverged',
    when: 'When',
    device: 'Device',
    seconds: 'Training time',
  },
  experiment: (experiment: string, chosen: string, budget: string) =>
    [experiment, ...(chosen && chosen !== experiment ? [chosen] : []), budget].join(' · '),
  dense: 'dense',
  experts: (experts: number, used: number) => `${experts}, ${used} used`,
  diverged: (is: boolean) => (is ? 'diverged' : '–'),

  actions: {
    label: 'With the selected runs',
    compare: 'Compare what differs',
    csv: 'CSV',
    json: 'Result file',
    weights: 'Weights',
    delete: 'Delete …',
    clear: 'Clear selection',
  },
  exported: (files: number) => `${plural(files, 'file', 'files')} handed to the browser’s downloads.`,
  notExported: 'Nothing could be exported: what was kept of these runs cannot be read.',
  failed: (why: string) => `That did not work: ${why}`,

  pages: { label: 'Pages', previous: 'Previous', next: 'Next', at: (page: number, of: number) => `${page} of ${of}` },

  remove: {
    title: (n: number) => `Delete ${n === 1 ? 'this run' : `these ${count(n)} runs`}?`,
    about: 'Their curves and weights go with them. This cannot be undone.',
    more: (n: number) => `and ${plural(n, 'other', 'others')}`,
    confirm: 'Delete',
    cancel: 'Keep',
    done: (n: number) => `${n === 1 ? 'One run' : `${count(n)} runs`} deleted.`,
  },

  name: { title: (run: string) => `Name of ${run}`, label: 'Name', confirm: 'Save', cancel: 'Cancel' },

  compare: {
    title: 'What differs',
    nothing: 'Nothing differs between these runs.',
    field: 'Field',
    close: 'Close',
    absent: '–',
    yes: 'yes',
    no: 'no',
  },

  /** Paths of a kept run in plain words. A field that is not here is shown by its path alone. */
  fields: {
    name: 'name',
    experiment: 'experiment',
    case: 'case of the experiment',
    budget: 'named budget',
    startedAt: 'started',
    at: 'ended',
    device: 'device',
    version: 'version of the lab',
    arm: 'arm',
    seed: 'seed',
    identity: 'identity',
    lr: 'learning rate',
    kernelProfile: 'kernels',
    trainFlops: 'training FLOPs',
    executedFlops: 'executed FLOPs',
    tokens: 'training tokens',
    paramsTotal: 'parameters, all',
    paramsNonEmbedding: 'parameters without embeddings',
    paramsActive: 'parameters that one token uses',
    loss: 'loss on held-out text',
    floor: 'floor of that text',
    excess: 'loss above the floor',
    evalTokens: 'held-out tokens',
    diverged: 'diverged',
    seconds: 'seconds of training',
    'branch.budgetFlops': 'budget of this end',
    changes: 'changes while it ran',
    'spec.model.dModel': 'width',
    'spec.model.nLayers': 'layers',
    'spec.model.nHeads': 'attention heads',
    'spec.model.dFf': 'hidden width, of each expert',
    'spec.model.norm': 'norm',
    'spec.model.activation': 'activation',
    'spec.model.bias': 'biases',
    'spec.model.moe.nExperts': 'experts',
    'spec.model.moe.topK': 'experts that a token visits',
    'spec.model.moe.router': 'router',
    'spec.schemaVersion': 'version of the run spec',
    'spec.source.kind': 'text',
    'spec.source.vocabSize': 'vocabulary',
    'spec.source.topics': 'topics',
    'spec.source.lag': 'lag',
    'spec.seqLen': 'tokens in a sequence',
    'spec.batchSize': 'sequences in a batch',
    'spec.schedule.kind': 'schedule',
    'spec.schedule.warmupSteps': 'warm-up steps',
    'spec.schedule.decayFraction': 'share of steps that decay',
    'spec.budget.flops': 'budget in FLOPs',
    'spec.budget.tokens': 'budget in tokens',
    'spec.budget.steps': 'budget in steps',
    'spec.branches': 'ends, as fractions of the budget',
    'spec.hyper.seed': 'seed',
    'spec.hyper.lr': 'peak learning rate',
    'spec.hyper.beta1': 'AdamW’s β₁',
    'spec.hyper.beta2': 'AdamW’s β₂',
    'spec.hyper.epsilon': 'AdamW’s ε',
    'spec.hyper.weightDecay': 'weight decay',
    'spec.hyper.clipNorm': 'gradient clip',
    'spec.hyper.zipf': 'exponent of the topics’ frequencies',
    'spec.hyper.share': 'rules common to all topics',
    'spec.hyper.noise': 'noise in training text',
    'spec.hyper.uniqueDocuments': 'documents before they repeat',
    'spec.hyper.curriculum': 'curriculum',
    'spec.hyper.balanceLoss': 'weight of the balance loss',
    'spec.hyper.zLoss': 'weight of the z-loss',
    'spec.hyper.biasRate': 'step of the router biases',
  } as Partial<Record<string, string>>,
};
