/** The 28 claims in words: what popular articles say, what the literature says, and how the lab puts it to the test. */
import { capital } from './numbers';

export interface ClaimWords {
  /** A few words for a heading. */
  title: string;
  /** What the articles say, in a sentence of our own. */
  says: string;
  /** What the literature says. */
  literature: string;
  sources: readonly string[];
  /** The experiment and its control; for what cannot be tested, why not. */
  test: string;
}

const cards = {
  bigger: {
    title: 'Bigger models are better',
    says: 'The more parameters a model has, the better it does.',
    literature:
      'With data to match, loss falls as a power of size, towards a floor that no size gets below. Each gain is smaller than the last.',
    sources: ['Kaplan et al. 2020', 'Hoffmann et al. 2022'],
    test: 'A ladder of sizes reads the same data, each with a learning rate for its width; the floor is known.',
  },
  'double-data': {
    title: 'Twice the data, 15 % or 2 %',
    says: 'Doubling the data lifts a small model by 15 per cent, but a large one by only two or three.',
    literature:
      'What a doubling gains shrinks with the data that there was before it. In the published law the size of the model is not part of that term at all.',
    sources: ['Hoffmann et al. 2022'],
    test: 'A small and a larger model read ever more of the same source; each doubling is measured for both.',
  },
  'double-compute': {
    title: 'Twice the compute, 80 % to 90 %',
    says: 'Twice the compute takes a model from 80 per cent right to 88 or 90.',
    literature:
      'By the published fit, twice the compute takes about an eighth off the loss that can still be lost. The articles would need three times that, or more.',
    sources: ['Hoffmann et al. 2022', 'Besiroglu et al. 2024'],
    test: 'The best size at each of five amounts of compute. Readers bet before the runs.',
  },
  returns: {
    title: 'Diminishing returns at extreme scales',
    says: 'Returns start to diminish once models are huge, and from then on a gain costs exponentially more.',
    literature:
      'On a power law returns diminish from the very start and everywhere alike. What a gain costs is a power, not an exponential.',
    sources: ['Kaplan et al. 2020'],
    test: 'The same measurements twice: on linear axes, where they bend, and on logarithmic ones, where they do not.',
  },
  balance: {
    title: 'Balance size and data',
    says: 'For a given compute, the model and its data should grow together.',
    literature:
      'At each compute one size is best, and it grows about as fast as the data it reads. Twenty tokens a parameter held for one kind of text and is no constant of nature.',
    sources: ['Hoffmann et al. 2022', 'Besiroglu et al. 2024', 'Porian et al. 2024'],
    test: 'Six sizes spend the same compute, at three amounts of it: three valleys, each with a best size.',
  },
  predict: {
    title: 'Scaling laws predict',
    says: 'How good a large model will be is known before it is trained.',
    literature:
      'Within the range where the law holds, small runs foretold the final loss of far larger ones. What a lower loss lets a model do is another matter.',
    sources: ['Kaplan et al. 2020', 'OpenAI 2023'],
    test: 'Small models are fitted, the prediction is frozen with its interval, and only then is the larger one trained.',
  },
  sparse: {
    title: 'Sparse models save compute',
    says: 'A model that uses only part of itself for each word learns as much for less.',
    literature:
      'At equal compute sparse experts end at a lower loss; at equal memory they do not. They are chosen token by token and layer by layer, not task by task.',
    sources: ['Shazeer et al. 2017', 'Fedus et al. 2022', 'Krajewski et al. 2024'],
    test: 'Dense and sparse at equal compute; fixed tables in place of the router, and a dense model of equal memory, as controls.',
  },
  mistral: {
    title: 'Mistral 7B is sparse',
    says: 'Mistral 7B is named as an example of a sparse model.',
    literature:
      'It is dense; what is sparse about it is how far back its attention looks. The model with experts is another one, Mixtral 8x7B.',
    sources: ['Jiang et al. 2023', 'Jiang et al. 2024'],
    test: 'Dense, dense with a sliding window, and experts, at equal compute.',
  },
  'clean-data': {
    title: 'Clean data beats more data',
    says: 'Well-kept data is worth more than much data: 20 per cent, it is said.',
    literature:
      'Filtering helps. The number comes without a source, and how much there is to gain depends on what is wrong with the data.',
    sources: ['Gunasekar et al. 2023', 'Penedo et al. 2024'],
    test: 'Up to 40 % of the training tokens are spoiled, never the test; the answer is how much clean data that is worth.',
  },
  focus: {
    title: 'Focused data for a field',
    says: 'A model that reads only the texts of one field does better than one that reads everything.',
    literature: 'In that field it gains; outside it loses, sometimes what it knew before.',
    sources: ['Gururangan et al. 2020', 'McCloskey & Cohen 1989'],
    test: 'A growing share of one domain among the documents; the loss inside it and outside, side by side.',
  },
  curriculum: {
    title: 'Easy examples first',
    says: 'Like a pupil, a model learns better when it begins with what is easy.',
    literature:
      'With a full budget the order mostly makes no difference; some gain where time is short or data is noisy.',
    sources: ['Wu et al. 2021'],
    test: 'The same topics, frequent ones first, rare ones first, or shuffled as the control.',
  },
  lora: {
    title: 'A thin adapter is enough',
    says: 'Fine-tuning needs only a sliver of the parameters (LoRA).',
    literature: 'For fine-tuning it comes close to training everything, learns a little less and forgets less.',
    sources: ['Hu et al. 2022', 'Biderman et al. 2024'],
    test: 'Trained on one source, moved to another: all weights against ranks one to eight, and what is left of the first.',
  },
  checkpointing: {
    title: 'Trading time for memory',
    says: 'Gradient checkpointing makes large models fit by computing some things twice.',
    literature:
      'True: memory grows with the root of the depth, for about one more forward pass. What is learned is the same.',
    sources: ['Chen et al. 2016'],
    test: 'Bytes and seconds against depth, with and without; both loss curves must lie on one another, bit for bit.',
  },
  distillation: {
    title: 'A small model taught by a large one',
    says: 'Distillation gives a small model what a large one knows, at a small price.',
    literature:
      'It helps where the teacher is there anyway. Where the teacher has to be paid for, the gain is mostly gone.',
    sources: ['Hinton et al. 2015', 'Busbridge et al. 2025'],
    test: 'A student alone and with a teacher, with the teacher’s compute counted and not.',
  },
  emergence: {
    title: 'Abilities appear suddenly',
    says: 'Past some size, models all at once do what smaller ones cannot.',
    literature:
      'Contested. Often it is the yardstick that jumps: all or nothing on long answers hides a loss that falls smoothly.',
    sources: ['Wei et al. 2022', 'Schaeffer et al. 2023'],
    test: 'The same models, scored by whole answers and token by token.',
  },
  pathways: {
    title: 'Experts specialise by task',
    says: 'Inside a sparse model each expert takes over a task, as in Google’s Pathways.',
    literature:
      'Experts go by tokens and syntax far more than by subject, and PaLM, trained on the system of that name, is dense.',
    sources: ['Chowdhery et al. 2022', 'Jiang et al. 2024', 'Roller et al. 2021'],
    test: 'A mixture of domains: who visits which expert, in bits, against a router that only draws lots.',
  },
  hybrid: {
    title: 'Half dense, half sparse',
    says: 'The best of both: a part that all tokens share, experts for the rest, and more effort where it is hard.',
    literature: 'Shared experts and sparse layers in turn with dense ones are in use; some comparisons find no gain.',
    sources: ['Lepikhin et al. 2021', 'Dai et al. 2024', 'Raposo et al. 2024'],
    test: 'Dense, sparse, and sparse with a shared expert, at equal compute; effort against surprise, token by token.',
  },
  bias: {
    title: 'Models amplify bias',
    says: 'A model does not only repeat the slant of its data, it makes it worse.',
    literature:
      'Shown for models that always give their likeliest answer. Where answers are drawn by their odds, the odds stay about those of the data.',
    sources: ['Zhao et al. 2017', 'Holtzman et al. 2020'],
    test: 'A source that is 70 to 30: how often the larger side comes out, greedy and drawn, at several sizes.',
  },
  repeats: {
    title: 'Data runs out, and laws break',
    says: 'The world is running out of text, and with it scaling comes to an end.',
    literature: 'Up to about four readings, repeated data is nearly as good as new; beyond sixteen it adds little.',
    sources: ['Muennighoff et al. 2023'],
    test: 'Runs of equal length on ever smaller pools, read from once to 32 times; new documents as the control.',
  },
  'linear-attention': {
    title: 'Linear attention is cheaper',
    says: 'Attention whose cost grows only with the length of the text will replace the usual one.',
    literature: 'Cheaper for long texts; worse at looking up what was said long ago.',
    sources: ['Katharopoulos et al. 2020', 'Arora et al. 2024'],
    test: 'Seconds a step against length, and a task that is nothing but looking up.',
  },
  recurrent: {
    title: 'Transformers beat recurrent networks',
    says: 'Transformers made LSTMs obsolete.',
    literature: 'Early in a text the two are level; the later the token, the larger the transformer’s lead.',
    sources: ['Vaswani et al. 2017', 'Kaplan et al. 2020'],
    test: 'Loss by position in the document, at equal compute.',
  },
  'active-learning': {
    title: 'Pick the examples that matter',
    says: 'A model that chooses what to learn from needs far less data.',
    literature:
      'Choosing by the highest loss finds noise, which cannot be learned. Choosing by what can still be learned works.',
    sources: ['Mindermann et al. 2022'],
    test: 'Random, highest loss and excess loss, with a fifth of the data spoiled; scoring is paid for.',
  },
  'few-shot': {
    title: 'A few examples in place of scale',
    says: 'Learning from a few examples shows that size is not everything.',
    literature:
      'That ability grew with size. And BERT, often named beside it, was fine-tuned on thousands of examples.',
    sources: ['Brown et al. 2020', 'Devlin et al. 2019'],
    test: 'How well a rule is picked up from the text before it, against the number of examples, at four sizes.',
  },
  symbolic: {
    title: 'Networks with rules built in',
    says: 'Joined with symbolic reasoning, networks need much less data.',
    literature: 'Where the rule is known and can be written down, yes. Where it is not, there is nothing to join.',
    sources: ['Manhaeve et al. 2018'],
    test: 'A net alone against a net with an exact solver: examples needed for the same score.',
  },
  residuals: {
    title: 'ResNet showed that depth wins',
    says: 'Deeper is better, as ResNet has shown.',
    literature:
      'It showed how: plain deep networks got worse with depth until a way around each layer let them be trained.',
    sources: ['He et al. 2016'],
    test: 'Eight layers with and without the way around; two layers as the control.',
  },
  diversity: {
    title: 'Varied data makes broad models',
    says: 'Data should be varied and balanced.',
    literature: 'The mixture matters, and which is best is an empirical question; breadth is paid for with depth.',
    sources: ['Xie et al. 2023'],
    test: 'The same number of tokens from one to eight domains, measured on all of them.',
  },
  energy: {
    title: 'As much carbon as five cars',
    says: 'Training a model emits as much as five cars, or uses the power of a small town.',
    literature:
      'The five cars were a search over thousands of designs, later found to be overestimated many times over. And power is not energy: it takes a time to be one.',
    sources: ['Strubell et al. 2019', 'Patterson et al. 2021'],
    test: 'FLOPs and seconds of a run, times watts that the reader enters: an estimate, and called one.',
  },
  closed: {
    title: 'What is inside GPT-4, Claude and the like',
    says: 'Articles tell the sizes, the experts and the costs of closed models.',
    literature: 'Their makers have not published them. What is told is guessed or leaked.',
    sources: ['OpenAI 2023'],
    test: 'A model whose size and data are secret gives nothing to measure: that is why it cannot be checked, here or anywhere.',
  },
} as const satisfies Record<string, ClaimWords>;

/** Names of the claims. */
export type ClaimId = keyof typeof cards;

export const claimsText = {
  cards,

  title: 'All 28 claims',
  lead: 'What popular articles say about scaling, what the literature says, and what this lab has to say about it: measured, not yet measured, or not to be measured by anybody.',

  filter: {
    label: 'Which claims',
    choice: (name: string, n: number) => `${name} ${n}`,
    all: 'All',
    short: { measured: 'Measured', planned: 'Not yet', closed: 'Never' },
    shown: (n: number, all: number) =>
      n === all ? `All ${all} claims are shown.` : `${n} of ${all} claims are shown.`,
  },

  status: { measured: 'Measured here', planned: 'Not yet', closed: 'Cannot be checked' },

  topics: {
    laws: 'Size, data, compute',
    sparse: 'Experts',
    data: 'What models read',
    training: 'Tricks of training',
    architecture: 'Architectures',
    abilities: 'What models can do',
    cost: 'Cost, and closed doors',
  },

  /** How the claim stands in the literature. */
  standing: {
    holds: 'Holds.',
    partly: 'In part.',
    contested: 'Contested.',
    confused: 'Confused.',
    implausible: 'Hard to believe.',
    wrong: 'Wrong.',
    unknown: 'Unknown.',
  },

  parts: {
    says: 'Articles',
    literature: 'Literature',
    test: { measured: 'Here', planned: 'Planned', closed: 'Why not' },
    sources: (sources: readonly string[]) => sources.join(' · '),
    recorded: (device: string) => `Recorded on ${device}`,
    /** What keeps the sentence before it honest. */
    sure: (parts: readonly string[]) => `${capital(parts.join('; '))}.`,
  },
  openLabel: (title: string) => `Open the experiment “${title}”`,
  locked: 'Runs are under way: stop them first, or wait for their end.',
  less: (factor: string) => `${factor} less`,
  plot: (dense: string, sparse: string) =>
    `Loss above the floor, recorded at three amounts of compute: dense ${dense}, sparse ${sparse}.`,
};
