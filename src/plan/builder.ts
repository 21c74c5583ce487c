/**
 * The builder records dispatches while plain functions describe a model, and beside each of them the closure
 * that will emit its backward dispatches. Differentiation happens here, once, at build time; there is no tape
 * and no tracing while a plan is replayed.
 */
import { kernelModule, type Kernel } from '../gpu/kernel';
import type { KernelProfile } from '../gpu/profile';
import type { Constants } from '../gpu/specialise';
import type { Binding, ExtentsField } from '../gpu/reflect';
import type { BoundTensor, Dispatch } from './plan';
import { sizeOf, type SlabName, type Tensor } from './tensor';

/** Permission to write a gradient: the first writer stores, later ones accumulate. */
export interface GradHandle {
  tensor: Tensor;
  accumulate: boolean;
}

export interface DispatchOptions {
  /** What is computed, for the plan's table; the builder's scope is put before it. */
  label?: string;
  /** Constants of the WGSL file that are fixed for this dispatch. */
  constants?: Constants;
  /** FLOPs that the kernel executes for one replica, padding and recomputation included. */
  flops?: number;
  /** Workgroups in z; the number of replicas unless the kernel finds its replica in a table. */
  replicas?: number;
}

type Bindable = Tensor | GradHandle;
type Backward = (...gradients: Tensor[]) => void;

export class PlanBuilder {
  readonly dispatches: Dispatch[] = [];
  /** Activations that are read from outside once the plan has been replayed. */
  readonly kept: Tensor[] = [];
  #tape: { outputs: Tensor[]; backward: Backward }[] = [];
  #gradients = new Map<number, Tensor>();
  #parameterGradients = new Map<number, Tensor>();
  #scope: string[] = [];
  #nextId = 0;

  /**
   * @param replicas R, the z extent of every dispatch
   * @param training whether ops may leave out what only a backward pass needs
   * @param profile which kernels ops choose
   * @param bundled whether dispatches that do not depend on each other are joined: a GPU waits between dispatches
   */
  constructor(
    readonly replicas: number,
    readonly training: boolean,
    readonly profile: KernelProfile = 'register',
    readonly bundled = false,
  ) {}

  /** A new activation `[R, …shape]`, owned by the plan. */
  tensor(name: string, shape: readonly number[]): Tensor {
    return this.#make(this.#named(name), shape, { kind: 'activation' }, this.replicas);
  }

  /** A tensor in a buffer that outlives the plan, `offset` words from its start. */
  slab(name: string, slab: SlabName, shape: readonly number[], offset = 0, parts = this.replicas): Tensor {
    return this.#make(name, shape, { kind: 'slab', slab, offset }, parts);
  }

  /** A trained tensor and the place of its gradient, at the same offset of the two slabs. */
  parameter(name: string, shape: readonly number[], offset: number): Tensor {
    const parameter = this.slab(name, 'params', shape, offset);
    if (this.training) this.#parameterGradients.set(parameter.id, this.slab(`d ${name}`, 'grads', shape, offset));
    return parameter;
  }

  /** Keeps an activation's content until the plan is replayed again. */
  keep(tensor: Tensor): void {
    this.kept.push(tensor);
  }

  #make(name: string, shape: readonly number[], home: Tensor['home'], parts: number): Tensor {
    return { id: this.#nextId++, name, shape, home, size: sizeOf(shape), parts };
  }

  #named(name: string): string {
    return [...this.#scope, name].join(' / ');
  }

  /** Runs `body` with `name` put before the labels and tensor names that it makes. */
  scope<T>(name: string, body: () => T): T {
    this.#scope.push(name);
    try {
      return body();
    } finally {
      this.#scope.pop();
    }
  }

  /**
   * Records one dispatch.
   *
   * @param bound tensors by the names that the WGSL gives them; a gradient handle `dx` also sets the extent `accumulate_dx`
   * @param extents fields of the WGSL's `Extents` struct
   * @param invocations invocations in x (and y) of one replica; the grid follows from the kernel's workgroup size
   */
  dispatch(
    kernel: Kernel,
    entry: string,
    bound: Record<string, Bindable>,
    extents: Record<string, number>,
    invocations: number | [number, number],
    options: DispatchOptions = {},
  ): void {
    const constants = options.constants ?? {};
    const module = kernelModule(kernel, constants);
    const point = module.entryPoints.get(entry);
    if (!point) throw new Error(`${kernel.name}.wgsl has no entry point ${entry}`);
    const values = { ...extents };
    const tensors = new Map<string, Tensor>();
    for (const [name, value] of Object.entries(bound)) {
      if ('tensor' in value) values[`accumulate_${name}`] = value.accumulate ? 1 : 0;
      tensors.set(name, 'tensor' in value ? value.tensor : value);
    }
    checkExtents(`${kernel.name}/${entry}`, module.extents, values);
    const [x, y] = typeof invocations === 'number' ? [invocations, 1] : invocations;
    const [sizeX, sizeY] = point.workgroupSize;
    this.dispatches.push({
      kernel,
      entry,
      constants,
      label: this.#named(options.label ?? kernel.name),
      bindings: bindByName(`${kernel.name}/${entry}`, point.bindings, tensors),
      extents: values,
      grid: [Math.ceil(x / sizeX), Math.ceil(y / sizeY), options.replicas ?? this.replicas],
      flops: (options.flops ?? 0) * this.replicas,
    });
  }

  /** Registers what turns the gradient of `output` into gradients of its inputs. */
  backward(output: Tensor, emit: (gradient: Tensor) => void): void {
    this.backwardAll([output], emit);
  }

  /** The same for an op with several outputs: it runs when all of them have a gradient. */
  backwardAll(outputs: Tensor[], emit: Backward): void {
    if (!this.training) return;
    const scope = [...this.#scope];
    this.#tape.push({
      outputs,
      backward: (...gradients) => {
        this.#scope = [...scope, 'backward'];
        emit(...gradients);
        this.#scope = [];
      },
    });
  }

  /** Write handle to the gradient of `tensor`. */
  grad(tensor: Tensor): GradHandle {
    const existing = this.#gradients.get(tensor.id);
    if (existing) return { tensor: existing, accumulate: true };
    const gradient = this.#parameterGradients.get(tensor.id) ?? this.tensor(`d ${tensor.name}`, tensor.shape);
    this.#gradients.set(tensor.id, gradient);
    return { tensor: gradient, accumulate: false };
  }

  /**
   * Gives `tensor` the gradient `gradient` unchanged, as a residual connection does: no copy, the same tensor.
   * Later writers accumulate into it, so whoever passes a gradient on must have read it before.
   */
  passGradient(tensor: Tensor, gradient: Tensor): void {
    if (this.#gradients.has(tensor.id))
      throw new Error(`${tensor.name} has a gradient already; pass it on before others write`);
    this.#gradients.set(tensor.id, gradient);
  }

  /** Emits the backward dispatches of everything recorded so far, last op first. */
  differentiate(): void {
    for (const { outputs, backward } of this.#tape.reverse()) {
      const gradients = outputs.map((output) => this.#gradients.get(output.id));
      if (gradients.every((gradient) => gradient !== undefined)) backward(...gradients);
    }
    this.#tape = [];
  }

  /** The gradient of `tensor`, once `differentiate` has run. */
  gradientOf(tensor: Tensor): Tensor | undefined {
    return this.#gradients.get(tensor.id);
  }
}

function checkExtents(where: string, fields: ExtentsField[], values: Record<string, number>): void {
  const expected = fields.map((field) => field.name).sort();
  const given = Object.keys(values).sort();
  if (expected.join() !== given.join()) {
    throw new Error(`${where} has the extents ${expected.join(', ')}, but was given ${given.join(', ')}`);
  }
}

function bindByName(where: string, bindings: Binding[], tensors: Map<string, Tensor>): BoundTensor[] {
  const unknown = new Set(tensors.keys());
  const bound = bindings
    .filter(({ access }) => access !== 'uniform')
    .map((binding) => {
      const tensor = tensors.get(binding.name);
      if (!tensor) throw new Error(`${where} needs a tensor for ${binding.name}`);
      unknown.delete(binding.name);
      return { ...binding, tensor };
    });
  if (unknown.size > 0) throw new Error(`${where} has no binding ${[...unknown].join(', ')}`);
  return bound;
}
