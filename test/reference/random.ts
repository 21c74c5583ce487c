import { boxMuller } from '../../src/nn/init';
import { threefry } from '../../src/math/rng';

/** Streams of random test data: each call's `stream` is another sequence. */
const KEY = 0x7e57;

/** `n` standard normal numbers. */
export function randomNormals(n: number, stream: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => boxMuller(threefry([KEY, stream], [i, 0]))[0]);
}

/** `n` uniform integers in [0, below). */
export function randomIntegers(n: number, below: number, stream: number): Uint32Array {
  return Uint32Array.from({ length: n }, (_, i) => threefry([KEY, stream], [i, 1])[0] % below);
}
