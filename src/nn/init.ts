/**
 * Initial weights, made on the CPU so that they are the same on every adapter.
 */
import type { StaticConfig } from '../config/run-spec';
import { STREAM, threefry, type Pair } from '../math/rng';
import { elementCount, parameterList } from './parameters';

/**
 * Two independent standard normal numbers from two uniform u32 (Box and Muller 1958), in float64. The half
 * keeps the logarithm's argument inside (0, 1), so no value is beyond 6.76.
 */
export function boxMuller([x, y]: Pair): [number, number] {
  const radius = Math.sqrt(-2 * Math.log((x + 0.5) / 2 ** 32));
  const angle = (2 * Math.PI * (y + 0.5)) / 2 ** 32;
  return [radius * Math.cos(angle), radius * Math.sin(angle)];
}

/** Standard normal numbers 0 … n − 1 of the tensor with this index. */
function normals(n: number, seed: number, tensor: number): Float64Array {
  const values = new Float64Array(n);
  for (let i = 0; i < n; i += 2) {
    const [even, odd] = boxMuller(threefry([seed, STREAM.weights], [tensor, i / 2]));
    values[i] = even;
    if (i + 1 < n) values[i + 1] = odd;
  }
  return values;
}

/** Every parameter's initial value by name, in the order and with the shapes of `parameterList`. */
export function initialWeights(config: StaticConfig, seed: number): Map<string, Float32Array<ArrayBuffer>> {
  const weights = new Map<string, Float32Array<ArrayBuffer>>();
  for (const [tensor, spec] of parameterList(config).entries()) {
    const { init } = spec;
    const values = new Float32Array(elementCount(spec));
    if (init.kind === 'constant') values.fill(init.value);
    else {
      const { std, columns = Infinity } = init;
      const width = spec.shape.at(-1) ?? 1;
      values.set(normals(values.length, seed, tensor).map((z, i) => (i % width < columns ? z * std : 0)));
    }
    weights.set(spec.name, values);
  }
  return weights;
}
