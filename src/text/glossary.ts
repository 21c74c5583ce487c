/** Words that readers meet on the page, each in a plain sentence or two. GLOSSARY.md has the terms of the code. */

export interface Term {
  /** The forms in which it is met, the longest first. */
  forms: readonly string[];
  meaning: string;
}

export const glossary: readonly Term[] = [
  { forms: ['excess'], meaning: 'Loss minus the floor: what a model could still learn.' },
  {
    forms: ['floor'],
    meaning: 'The least loss that is possible. What chance decides in the text nobody can foresee, whatever the model.',
  },
  { forms: ['loss'], meaning: 'How surprised a model is by what comes next, on average. Less is better.' },
  {
    forms: ['nats', 'nat'],
    meaning: 'The unit of surprise: one nat is 1.44 bits, the answer to about one and a half yes-or-no questions.',
  },
  {
    forms: ['FLOPs'],
    meaning:
      'Multiplications and additions. The compute of a training run is counted in them, so that no machine has an advantage.',
  },
  { forms: ['compute'], meaning: 'How much is calculated while training, counted in FLOPs; not how long it takes.' },
  {
    forms: ['exponents', 'exponent'],
    meaning: 'How steep a power law is. With 0.3, ten times the size leaves half of what was above the floor.',
  },
  {
    forms: ['power law', 'power of'],
    meaning: 'Equal factors in one thing bring equal factors in another: a straight line on logarithmic axes.',
  },
  {
    forms: ['intervals', 'interval'],
    meaning: 'Where the true number probably lies. Of many 95 % intervals, 95 in a hundred hold it.',
  },
  {
    forms: ['seeds', 'seed'],
    meaning:
      'The number from which all chance of a run comes: its rules, its text, its first weights. Other seeds show how much is luck.',
  },
  {
    forms: ['experts', 'expert'],
    meaning: 'One of several small networks in a layer, of which each token visits only a few.',
  },
  { forms: ['router'], meaning: 'The part that decides which experts a token visits.' },
  { forms: ['budget'], meaning: 'What a run may spend: an amount of compute, or of tokens to read.' },
  { forms: ['tokens', 'token'], meaning: 'The pieces of a text that a model reads one by one; here a syllable each.' },
  { forms: ['parameters', 'parameter'], meaning: 'The numbers of which a model consists, and which training changes.' },
  { forms: ['frontier'], meaning: 'The least loss that any run reached for each amount of compute.' },
  { forms: ['learning rate'], meaning: 'How far each training step moves the parameters.' },
  { forms: ['held-out'], meaning: 'Put aside: text on which no model is trained, so that it can be measured fairly.' },
];
