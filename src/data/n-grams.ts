/**
 * Interpolated n-grams after Witten and Bell (1991), as in Chen and Goodman 1998, section 2.5: what counting what
 * follows what comes to, as lines that a reader can judge a model's loss by.
 *
 *   p(c | h) = (count(h c) + types(h) · p(c | h′)) / (count(h) + types(h)),   p(c |) interpolated with 1 / V
 *
 * h are the n − 1 characters before c, h′ all of them but the first, types(h) the number of different characters that
 * were seen behind h. A context that never occurred is passed over.
 */
import { heldOut } from '../config/held-out';
import { heldOutStart, textWindows } from '../config/text-windows';
import type { StaticConfig, TextSource } from '../config/run-spec';

/** Characters that are counted, at most: what is counted takes up to 60 bytes for each in memory. */
const COUNTED = 4_000_000;

export const ORDERS = [1, 2, 3, 4, 5] as const;
const LONGEST = ORDERS.at(-1)!;

/** No node. */
const NONE = 0xffffffff;

/** Counts of all sequences of up to five tokens, as a tree whose nodes are sequences; node 0 is the empty one. */
export class NGrams {
  #nodes = 1;
  /** Open addressing: key = parent · V + token, and the node that it leads to. */
  #keys = new Float64Array(1 << 12).fill(-1);
  #children = new Uint32Array(1 << 12);
  /** By node: how often its sequence occurred, as a context how often something followed it, and how many kinds. */
  #count = new Uint32Array(1 << 11);
  #followed = new Uint32Array(1 << 11);
  #types = new Uint32Array(1 << 11);

  /** @param vocabSize V, the number of tokens that share the probability of what was never seen */
  constructor(
    tokens: Uint8Array,
    private readonly vocabSize: number,
  ) {
    for (let start = 0; start < tokens.length; start++) {
      let node = 0;
      const end = Math.min(tokens.length, start + LONGEST);
      for (let i = start; i < end; i++) {
        const parent = node;
        node = this.#child(parent, tokens[i]!);
        if (this.#count[node] === 0) this.#types[parent]! += 1;
        this.#count[node]! += 1;
        this.#followed[parent]! += 1;
      }
    }
  }

  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot =
      (Math.imul((key % 0x100000000) | 0, 0x9e3779b1) ^ Math.imul(Math.floor(key / 0x100000000), 0x85ebca6b)) >>> 7;
    slot &= mask;
    while (this.#keys[slot] !== key && this.#keys[slot] !== -1) slot = (slot + 1) & mask;
    return slot;
  }

  /** The node behind `parent` and `token`; `NONE` where that was never seen. */
  #find(parent: number, token: number): number {
    const key = parent * this.vocabSize + token;
    const slot = this.#slot(key);
    return this.#keys[slot] === key ? this.#children[slot]! : NONE;
  }

  /** The same, made where there is none. */
  #child(parent: number, token: number): number {
    const key = parent * this.vocabSize + token;
    let slot = this.#slot(key);
    if (this.#keys[slot] === key) return this.#children[slot]!;
    if (this.#nodes === this.#count.length) {
      this.#grow();
      slot = this.#slot(key);
    }
    this.#keys[slot] = key;
    this.#children[slot] = this.#nodes;
    return this.#nodes++;
  }

  /** Twice as many nodes, in a table that stays half empty. */
  #grow(): void {
    const [keys, children] = [this.#keys, this.#children];
    this.#keys = new Float64Array(keys.length * 2).fill(-1);
    this.#children = new Uint32Array(keys.length * 2);
    for (const [i, key] of keys.entries()) {
      if (key === -1) continue;
      const slot = this.#slot(key);
      this.#keys[slot] = key;
      this.#children[slot] = children[i]!;
    }
    const longer = (words: Uint32Array): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(words.length * 2);
      grown.set(words);
      return grown;
    };
    this.#count = longer(this.#count);
    this.#followed = longer(this.#followed);
    this.#types = longer(this.#types);
  }

  /** −log p in nats of token `at` for each order, given the tokens before it from `begin` on. */
  nll(tokens: Uint8Array, at: number, begin: number): number[] {
    let p = 1 / this.vocabSize;
    return ORDERS.map((order) => {
      const from = at - order + 1;
      let context = from < begin ? NONE : 0;
      for (let i = from; i < at && context !== NONE; i++) context = this.#find(context, tokens[i]!);
      if (context !== NONE && this.#followed[context]! > 0) {
        const child = this.#find(context, tokens[at]!);
        const [types, followed] = [this.#types[context]!, this.#followed[context]!];
        p = ((child === NONE ? 0 : this.#count[child]!) + types * p) / (followed + types);
      }
      return -Math.log(p);
    });
  }
}

/**
 * Mean loss of each order on the very characters that models are measured on, nats per character. Like a model, an
 * n-gram sees nothing of what lies before the window. At most the first four million trained characters are counted.
 */
export function nGramLosses(config: StaticConfig<TextSource>, tokens: Uint8Array): number[] {
  const { source, seqLen } = config;
  const { trainLength } = textWindows(source, seqLen);
  const grams = new NGrams(tokens.subarray(0, Math.min(trainLength, COUNTED)), source.vocabSize);
  const { batches, batchSize } = heldOut(config);
  const windows = batches * batchSize;
  const sums = ORDERS.map(() => 0);
  for (let window = 0; window < windows; window++) {
    const start = heldOutStart(source, window, windows);
    for (let t = 1; t <= seqLen; t++) {
      for (const [i, nll] of grams.nll(tokens, start + t, start).entries()) sums[i]! += nll;
    }
  }
  return sums.map((sum) => sum / (windows * seqLen));
}
