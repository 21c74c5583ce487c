/**
 * Reads a run spec from outside and refuses what cannot be trained, always with one sentence for the user.
 */
import * as v from 'valibot';
import { branchesOf, countParameters, headWidth, inputVocabulary, tokensPerStep, topicsOf, totalSteps } from './flops';
import { specMessages as messages } from './messages';
import {
  RunSpecSchema,
  SCHEMA_VERSION,
  TextSchema,
  TopicsSchema,
  type RunSpec,
  type TextSource,
  type TopicsSource,
} from './run-spec';
import { MAX_TEXT_LENGTH, textWindows } from './text-windows';

/** Tokens of one step of one replica: routing works on all of them in one workgroup. */
export const MAX_TOKENS_PER_STEP = 8192;
export const MAX_PARAMETERS = 50e6;
/** Rows of the schedule's table: 16 bytes each, for each replica. */
export const MAX_STEPS = 1_000_000;
/** Tokens of the input vocabulary: the gradient of their embeddings is grouped in one workgroup's memory. */
export const MAX_VOCABULARY = 4096;
/** Rows of the source's table of successors: 16 bytes each, for each replica. */
export const MAX_SOURCE_ROWS = 2 ** 20;
/** Tokens of a text: four of them are packed into a word. */
export const MAX_CHARACTERS = 128;

/** A run spec that cannot be read or trained. Its message is a sentence for the user. */
export class SpecError extends Error {
  override readonly name = 'LabError/spec';
}

type Issue = v.InferIssue<typeof RunSpecSchema>;

/** Words for what valibot expected. */
function allowedValues(issue: Issue): string {
  const { expected, type } = issue;
  if (type === 'union') return '{ flops }, { tokens } or { steps }, with one number';
  if (type === 'picklist' || type === 'literal') {
    return (expected ?? '').replace(/^\((.*)\)$/, '$1').replaceAll(' | ', ' or ');
  }
  if (type === 'integer') return 'a whole number';
  if (type === 'finite') return 'a finite number';
  if (type === 'regex') return '16 hexadecimal digits';
  if (type === 'variant') return (expected ?? '').replaceAll(' | ', ' or ').replace(/[()]/g, '');
  if (type === 'min_length' || type === 'max_length') {
    return 'a list of 1 to 16 fractions';
  }
  const bound = /^(>=|<=|>|<)(.*)$/.exec(expected ?? '');
  if (bound) {
    const words = { '>=': 'at least', '<=': 'at most', '>': 'greater than', '<': 'less than' };
    return `${words[bound[1] as keyof typeof words]} ${bound[2]}`;
  }
  const types: Record<string, string> = {
    number: 'a number',
    boolean: 'true or false',
    Object: 'an object',
    Array: 'a list',
  };
  return types[expected ?? ''] ?? String(expected);
}

/** `model.dModel`, `branches[1]`. */
function fieldName(issue: Issue): string {
  const keys = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return keys.join('').replace(/^\./, '');
}

function shown(value: unknown): string {
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

function sourceSchema(source: unknown): typeof TopicsSchema | typeof TextSchema {
  return (source as { kind?: unknown }).kind === 'text' ? TextSchema : TopicsSchema;
}

/** Field names that the object around an unknown field may have. */
function knownFields(issue: Issue): string {
  type Schema = { entries?: Record<string, Schema>; wrapped?: Schema } | undefined;
  let schema = RunSpecSchema as Schema;
  for (const { key, value } of (issue.path ?? []).slice(0, -1)) {
    const field = schema?.entries?.[String(key)];
    schema = key === 'source' ? (sourceSchema(value) as Schema) : (field?.wrapped ?? field);
  }
  return Object.keys(schema?.entries ?? {}).join(', ');
}

function sentence(issue: Issue): string {
  const field = fieldName(issue);
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    return messages.unknownField(field, knownFields(issue));
  }
  // valibot names a key that must be present in quotes.
  if (issue.type === 'strict_object' && issue.received === 'undefined') return messages.missingField(field);
  return messages.wrongValue(field, shown(issue.input), allowedValues(issue));
}

function refuse(message: string): never {
  throw new SpecError(message);
}

function checkTopics({ source, seqLen }: RunSpec<TopicsSource>): void {
  if (source.lag >= seqLen) refuse(messages.lagTooLong(source.lag, seqLen));
  const rows = source.topics * source.vocabSize;
  if (rows > MAX_SOURCE_ROWS) refuse(messages.tableTooLarge(rows, MAX_SOURCE_ROWS));
}

/** What a text cannot be told: it is as it was written. */
const AS_WRITTEN = { zipf: 0, share: 0, noise: 0, uniqueDocuments: 0, curriculum: 'shuffled' } as const;

function checkText({ source, seqLen, model, hyper }: RunSpec<TextSource>): void {
  if (source.vocabSize > MAX_CHARACTERS) refuse(messages.tooManyCharacters(source.vocabSize, MAX_CHARACTERS));
  if (source.length > MAX_TEXT_LENGTH) refuse(messages.textTooLong(source.length, MAX_TEXT_LENGTH));
  if (textWindows(source, seqLen).heldOut < 1) refuse(messages.textTooShort(source.length, seqLen));
  for (const [field, only] of Object.entries(AS_WRITTEN)) {
    const value = hyper[field as keyof typeof AS_WRITTEN];
    if (value !== only) refuse(messages.notOfAText(`hyper.${field}`, String(value), String(only)));
  }
  if (model.moe?.router === 'topic-table') refuse(messages.noTopicsInText());
}

/** Refuses a spec that reads well but cannot be trained. */
export function checkSpec(spec: RunSpec): void {
  const { model, source, schedule, branches } = spec;

  if (model.dModel % model.nHeads !== 0) refuse(messages.headsDoNotDivide(model.dModel, model.nHeads));
  const widths = {
    dModel: model.dModel,
    dFf: model.dFf,
    vocabSize: source.vocabSize,
    topics: topicsOf(spec),
  };
  for (const [field, value] of Object.entries(widths)) {
    if (value % 4 !== 0) refuse(messages.notAMultipleOf4(field, value));
  }
  if (headWidth(spec) % 4 !== 0) refuse(messages.headWidth(headWidth(spec)));

  if (source.kind === 'topics') checkTopics({ ...spec, source });
  else checkText({ ...spec, source });
  const rows = tokensPerStep(spec);
  if (rows > MAX_TOKENS_PER_STEP) refuse(messages.tooManyRows(rows, MAX_TOKENS_PER_STEP));
  const { moe } = model;
  if (moe && moe.topK > moe.nExperts) refuse(messages.moreThanAllExperts(moe.topK, moe.nExperts));
  if (moe && rows * moe.topK > MAX_TOKENS_PER_STEP) {
    refuse(messages.tooManyRoutes(rows, moe.topK, MAX_TOKENS_PER_STEP));
  }
  const parameters = countParameters(spec).total;
  if (parameters > MAX_PARAMETERS) refuse(messages.tooManyParameters(parameters, MAX_PARAMETERS));
  const vocabulary = inputVocabulary(spec);
  if (vocabulary > MAX_VOCABULARY) refuse(messages.tooManyTokens(vocabulary, MAX_VOCABULARY));

  const steps = totalSteps(spec);
  if (steps < 1) refuse(messages.noSteps());
  if (steps > MAX_STEPS) refuse(messages.tooManySteps(steps, MAX_STEPS));
  const ascending = branches.every((fraction, i) => i === 0 || fraction > branches[i - 1]!);
  if (!ascending) refuse(messages.branchesNotAscending());
  if (branches.at(-1) !== 1) refuse(messages.branchesMustEndAtOne(branches.at(-1) ?? 0));
  if (branches.length > 1 && schedule.kind !== 'wsd') refuse(messages.branchesNeedDecay(schedule.kind));
  const shortest = branchesOf(spec)[0]?.steps ?? 0;
  if (shortest < 1) refuse(messages.emptyBranch(branches[0] ?? 0));
  if (schedule.warmupSteps >= shortest) refuse(messages.warmupTooLong(schedule.warmupSteps, shortest));
}

/** The spec that `value` (parsed JSON) is, if it can be trained. Throws a `SpecError` otherwise. */
export function parseRunSpec(value: unknown): RunSpec {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SpecError(messages.notAnObject());
  }
  const version = (value as { schemaVersion?: unknown }).schemaVersion;
  if (version !== undefined && version !== SCHEMA_VERSION) {
    throw new SpecError(messages.version(shown(version), SCHEMA_VERSION));
  }
  const result = v.safeParse(RunSpecSchema, value);
  if (!result.success) throw new SpecError(sentence(result.issues[0]));
  checkSpec(result.output);
  return result.output;
}
