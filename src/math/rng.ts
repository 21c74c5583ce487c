/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel
 * random numbers: as easy as 1, 2, 3", 2011). A pure function of key and counter, in 32-bit integers only,
 * so that shaders/lib/rng.wgsl computes the very same bits; there is no state to carry or to save.
 */

/** Two unsigned 32-bit integers. */
export type Pair = readonly [number, number];

/** Second word of every key. The first is the run's seed, so no two uses of one seed share a number. */
export const STREAM = { train: 1, evaluation: 2, tables: 3, weights: 4, routes: 5, resamples: 6, writing: 7 } as const;

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** Makes the third key word, so that a key of zeros is as good as any other. */
const PARITY = 0x1bd11bda;

function rotateLeft(x: number, bits: number): number {
  return (x << bits) | (x >>> (32 - bits));
}

/** Two uniform u32 for this key and counter. */
export function threefry(key: Pair, counter: Pair): Pair {
  const words = [key[0], key[1], PARITY ^ key[0] ^ key[1]] as const;
  let x = (counter[0] + key[0]) | 0;
  let y = (counter[1] + key[1]) | 0;
  // Five groups of four rounds; the key words rotate through the injections after each group.
  let [next, afterNext, last]: readonly [number, number, number] = [words[1], words[2], words[0]];
  for (let group = 0; group < 5; group++) {
    for (const bits of group % 2 === 0 ? ROTATIONS[0] : ROTATIONS[1]) {
      x = (x + y) | 0;
      y = rotateLeft(y, bits) ^ x;
    }
    x = (x + next) | 0;
    y = (y + afterNext + group + 1) | 0;
    [next, afterNext, last] = [afterNext, last, next];
  }
  return [x >>> 0, y >>> 0];
}

/** Upper 32 bits of the 64-bit product of two u32, exactly. */
export function mulhi(a: number, b: number): number {
  // Both partial products are below 2^48, which float64 holds exactly.
  const low = Math.floor((a * (b & 0xffff)) / 0x10000);
  return Math.floor((a * (b >>> 16) + low) / 0x10000);
}

/** Maps a uniform u32 to a uniform integer in [0, n). Off by at most n / 2^32 in probability. */
export function uniform(x: number, n: number): number {
  return mulhi(x, n);
}
