import type { PlanBuilder } from '../plan/builder';
import { partStride, sizeOf, type Tensor } from '../plan/tensor';

/** Hands out parameters one behind the other in a slab, whose `words` they make together. */
export class Parameters {
  words = 0;

  constructor(private readonly b: PlanBuilder) {}

  next(name: string, ...shape: number[]): Tensor {
    const tensor = this.b.parameter(name, shape, this.words);
    this.words += partStride(sizeOf(shape));
    return tensor;
  }
}
