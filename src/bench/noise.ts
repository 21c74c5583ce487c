/** Numbers spread evenly around 0, from one fixed seed: timings need no better ones. */
export function noise(n: number): Float32Array<ArrayBuffer> {
  let state = 1;
  return Float32Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.5;
  });
}
