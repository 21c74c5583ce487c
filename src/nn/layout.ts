/**
 * Where everything lies in the slabs of a model's state: tensor-major, `[R, …]` each, replica parts padded to
 * 64 floats. The block table tells the optimiser what each block of 64 floats is.
 */
import type { StaticConfig } from '../config/run-spec';
import { partStride, sizeOf, PART_ALIGNMENT } from '../plan/tensor';
import { parameterList, type ParameterSpec } from './parameters';

export interface PlacedParameter extends ParameterSpec {
  /** Words from the start of the slab. */
  offset: number;
}

export interface ModelLayout {
  replicas: number;
  parameters: PlacedParameter[];
  /** Words of each of the slabs params, grads, m and v. */
  words: number;
  /**
   * Words of the slab `state`: one part of 64 a replica, whose word 0 is the step; in a sparse model, behind it, one
   * such tensor a layer with the router's biases.
   */
  stateWords: number;
}

export function modelLayout(config: StaticConfig, replicas: number): ModelLayout {
  let offset = 0;
  const parameters = parameterList(config).map((spec) => {
    const placed = { ...spec, offset };
    offset += replicas * partStride(sizeOf(spec.shape));
    return placed;
  });
  const tensors = 1 + (config.model.moe ? config.model.nLayers : 0);
  return { replicas, parameters, words: offset, stateWords: tensors * replicas * PART_ALIGNMENT };
}

/** Words from the start of the slab `state` to a layer's router biases, `[R, 64]`. */
export function routerBiasOffset(replicas: number, layer: number): number {
  return (1 + layer) * replicas * PART_ALIGNMENT;
}

/** `[blocks, 4]` words: replica, index among the blocks of that replica, decay and learning-rate multiplier (f32). */
export function blockTable({ parameters, replicas, words }: ModelLayout): Uint32Array<ArrayBuffer> {
  const table = new Uint32Array((words / PART_ALIGNMENT) * 4);
  const asFloat = new Float32Array(table.buffer);
  let firstIndex = 0;
  for (const { offset, shape, group } of parameters) {
    const blocks = partStride(sizeOf(shape)) / PART_ALIGNMENT;
    for (let at = 0; at < replicas * blocks; at++) {
      const row = (offset / PART_ALIGNMENT + at) * 4;
      table[row] = Math.floor(at / blocks);
      table[row + 1] = firstIndex + (at % blocks);
      asFloat[row + 2] = group === 'matrix' ? 1 : 0;
      asFloat[row + 3] = group === 'frozen' ? 0 : 1;
    }
    firstIndex += blocks;
  }
  return table;
}
