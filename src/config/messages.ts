/**
 * What a user reads when a run spec is refused: what is wrong, and what to do. One sentence each, or two.
 */
const number = (value: number) =>
  value < 1e12 ? value.toLocaleString('en-GB', { maximumSignificantDigits: 4 }) : value.toExponential(1);

export const specMessages = {
  notAnObject: () => 'A run spec must be a JSON object.',
  version: (found: string, known: number) =>
    `This run spec has schemaVersion ${found}, but this lab reads only version ${known}: open it with the lab that wrote it.`,
  missingField: (field: string) => `The run spec lacks the field ${field}: add it.`,
  unknownField: (field: string, known: string) =>
    `The run spec has an unknown field ${field}: remove it or correct its name (there are ${known}).`,
  wrongValue: (field: string, found: string, allowed: string) => `${field} is ${found}, but must be ${allowed}.`,

  headsDoNotDivide: (dModel: number, nHeads: number) =>
    `The width (dModel ${dModel}) cannot be divided among ${nHeads} heads: choose a width that is a multiple of nHeads.`,
  headWidth: (width: number) =>
    `Each head would be ${width} wide, but its width must be a multiple of 4: change dModel or nHeads.`,
  notAMultipleOf4: (field: string, value: number) =>
    `${field} is ${value}, but must be a multiple of 4: choose ${4 * Math.max(1, Math.round(value / 4))}.`,
  lagTooLong: (lag: number, seqLen: number) =>
    `With a lag of ${lag} a sequence of ${seqLen} has no token to score: make seqLen larger than the lag.`,
  tooManyRows: (rows: number, most: number) =>
    `batchSize × seqLen is ${number(rows)}, but a step takes at most ${number(most)} tokens: make the batch or the sequence smaller.`,
  moreThanAllExperts: (topK: number, nExperts: number) =>
    `Each token would visit ${topK} of ${nExperts} experts: make topK at most nExperts.`,
  tooManyRoutes: (rows: number, topK: number, most: number) =>
    `batchSize × seqLen × topK is ${number(rows * topK)}, but a step routes at most ${number(most)} tokens to experts: make the batch, the sequence or topK smaller.`,
  tooManyParameters: (parameters: number, most: number) =>
    `This model has ${number(parameters)} parameters, but this lab trains at most ${number(most)}: make dModel, dFf, nLayers or the vocabulary smaller.`,
  tooManyTokens: (tokens: number, most: number) =>
    `vocabSize + topics is ${number(tokens)}, but a model reads at most ${number(most)} different tokens: choose fewer topics or a smaller vocabulary.`,
  tableTooLarge: (rows: number, most: number) =>
    `topics × vocabSize is ${number(rows)}, but the source's table has at most ${number(most)} rows: choose fewer topics or a smaller vocabulary.`,
  tooManyCharacters: (tokens: number, most: number) =>
    `The text would have ${number(tokens)} different tokens, but a text has at most ${number(most)}: fold its rare characters into one.`,
  textTooLong: (length: number, most: number) =>
    `The text has ${number(length)} characters, but this lab reads at most ${number(most)}: take a part of it.`,
  textTooShort: (length: number, seqLen: number) =>
    `The text has ${number(length)} characters, whose last tenth holds no window of ${number(seqLen)} to measure on: take a longer text, or make seqLen smaller.`,
  notOfAText: (field: string, found: string, only: string) =>
    `${field} is ${found}, but a text is read as it was written: make it ${only}, or choose the source topics.`,
  noTopicsInText: () =>
    'The router topic-table needs topics, and a text has none: choose another router, or the source topics.',
  noSteps: () =>
    'The budget does not pay for a single step: give it more FLOPs, or make the model or the batch smaller.',
  tooManySteps: (steps: number, most: number) =>
    `The budget pays for ${number(steps)} steps, but a run has at most ${number(most)}: give it less, or make the model or the batch larger.`,
  emptyBranch: (fraction: number) =>
    `The branch at ${fraction} of the budget has not a single step: give a larger budget, or leave this branch out.`,
  branchesNotAscending: () => 'The branches must be ascending fractions of the budget, each only once: sort them.',
  branchesMustEndAtOne: (last: number) =>
    `The last branch ends at ${last} of the budget, but must end at 1: add 1 to the branches.`,
  branchesNeedDecay: (kind: string) =>
    `Branches before the end need the wsd schedule, for a ${kind} run cut short is not a shorter run: choose wsd, or only the branch 1.`,
  warmupTooLong: (warmupSteps: number, shortest: number) =>
    `The warm-up of ${number(warmupSteps)} steps is not shorter than the shortest branch of ${number(shortest)}: shorten the warm-up, give a larger budget, or leave out the smallest branch.`,
};
