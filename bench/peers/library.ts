import type { Product, ProductShape, StepName } from './result';

/** What each library is asked to do, ours as well. One worker asks one thing: a step, or products. */
export interface Library {
  /** Builds a step's model in its initial state. */
  open(step: StepName): Promise<void>;
  /** Takes `count` more steps. Resolves, when the last is done, with its loss. */
  run(count: number): Promise<number>;
  /** Makes x, w and dy of a product's shape. */
  operands(shape: ProductShape): Promise<void>;
  /** Computes a product `count` times. Resolves when the last is done. */
  multiply(product: Product, count: number): Promise<void>;
}
