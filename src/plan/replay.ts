/** A plan made executable on a device: pipelines, bind groups, and nothing else. Replaying takes no arguments. */
import type { Allocator } from '../gpu/allocator';
import { kernelModule } from '../gpu/kernel';
import { pipeline } from '../gpu/pipelines';
import { kernelName, type Dispatch, type Plan } from './plan';
import { wordsOf, type SlabName, type Tensor } from './tensor';

export type Slabs = Partial<Record<SlabName, GPUBuffer>>;

/** Offset alignment of uniform buffers at default limits, in bytes. */
const UNIFORM_ALIGNMENT = 256;

interface Command {
  pipeline: GPUComputePipeline;
  bindGroup: GPUBindGroup;
  grid: [number, number, number];
}

/** Compiles every pipeline of a plan; those compiled before are shared. `onDone` is called after each. */
export async function compilePlan(device: GPUDevice, plan: Plan, onDone: () => void = () => undefined): Promise<void> {
  await Promise.all(plan.dispatches.map((dispatch) => pipelineOf(device, dispatch).then(onDone)));
}

function pipelineOf(device: GPUDevice, dispatch: Dispatch): Promise<GPUComputePipeline> {
  const { kernel, constants, entry } = dispatch;
  return pipeline(device, { label: kernelName(dispatch), module: kernelModule(kernel, constants), entry });
}

/** Bytes that a `Replay` of this plan allocates. */
export function planBytes(plan: Plan): number {
  const slots = plan.slotWords.reduce((sum, words) => sum + words * 4, 0);
  return slots + plan.dispatches.length * UNIFORM_ALIGNMENT;
}

export class Replay {
  #commands: Command[] = [];
  #buffers: GPUBuffer[] = [];
  #slots: GPUBuffer[] = [];

  private constructor(
    readonly plan: Plan,
    private readonly allocator: Allocator,
  ) {}

  /** Compiles, allocates the plan's slots and binds it to the session's slabs. */
  static async create(allocator: Allocator, plan: Plan, slabs: Slabs): Promise<Replay> {
    const replay = new Replay(plan, allocator);
    const { device } = allocator;
    await compilePlan(device, plan);
    replay.#slots = plan.slotWords.map((words, slot) => replay.#own(allocator.storage(`slot ${slot}`, words * 4)));
    const extents = replay.#own(uploadExtents(allocator, plan));
    for (const [index, dispatch] of plan.dispatches.entries()) {
      const compiled = await pipelineOf(device, dispatch);
      const bindGroup = device.createBindGroup({
        label: dispatch.label,
        layout: compiled.getBindGroupLayout(0),
        entries: [
          ...extentsEntry(dispatch, extents, index),
          ...dispatch.bindings.map(({ index: binding, tensor }) => ({
            binding,
            resource: replay.#range(tensor, slabs),
          })),
        ],
      });
      replay.#commands.push({ pipeline: compiled, bindGroup, grid: dispatch.grid });
    }
    return replay;
  }

  /** Encodes one step of the plan, or its dispatches from `from` up to `to`. */
  encode(pass: GPUComputePassEncoder, from = 0, to = this.#commands.length): void {
    for (const command of this.#commands.slice(from, to)) {
      pass.setPipeline(command.pipeline);
      pass.setBindGroup(0, command.bindGroup);
      pass.dispatchWorkgroups(...command.grid);
    }
  }

  /** The buffer range in which an activation lives while its dispatches run. For tests and for looking inside. */
  rangeOf(tensor: Tensor): GPUBufferBinding {
    return this.#range(tensor, {});
  }

  destroy(): void {
    for (const buffer of this.#buffers) this.allocator.destroy(buffer);
    this.#buffers = [];
    this.#commands = [];
  }

  #own(buffer: GPUBuffer): GPUBuffer {
    this.#buffers.push(buffer);
    return buffer;
  }

  #range(tensor: Tensor, slabs: Slabs): GPUBufferBinding {
    const size = wordsOf(tensor) * 4;
    if (tensor.home.kind === 'activation') {
      return { buffer: this.#slots[this.plan.slots.get(tensor.id)!]!, offset: 0, size };
    }
    const buffer = slabs[tensor.home.slab];
    if (!buffer) throw new Error(`${tensor.name} lives in the slab ${tensor.home.slab}, which was not given`);
    return { buffer, offset: tensor.home.offset * 4, size };
  }
}

function extentsEntry(dispatch: Dispatch, buffer: GPUBuffer, index: number): GPUBindGroupEntry[] {
  const fields = kernelModule(dispatch.kernel, dispatch.constants).extents;
  const point = kernelModule(dispatch.kernel, dispatch.constants).entryPoints.get(dispatch.entry)!;
  const uniform = point.bindings.find(({ access }) => access === 'uniform');
  if (!uniform) return [];
  const size = Math.ceil(fields.length / 4) * 16;
  return [{ binding: uniform.index, resource: { buffer, offset: index * UNIFORM_ALIGNMENT, size } }];
}

/** All extents structs of a plan in one uniform buffer, one every 256 bytes. */
function uploadExtents(allocator: Allocator, plan: Plan): GPUBuffer {
  const view = new DataView(new ArrayBuffer(plan.dispatches.length * UNIFORM_ALIGNMENT));
  plan.dispatches.forEach((dispatch, index) => {
    kernelModule(dispatch.kernel, dispatch.constants).extents.forEach(({ name, type }, field) => {
      const at = index * UNIFORM_ALIGNMENT + field * 4;
      if (type === 'u32') view.setUint32(at, dispatch.extents[name]!, true);
      else view.setFloat32(at, dispatch.extents[name]!, true);
    });
  });
  const buffer = allocator.create('extents', view.byteLength, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
  allocator.device.queue.writeBuffer(buffer, 0, view.buffer);
  return buffer;
}
