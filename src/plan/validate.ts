/** Checks that run at every build, without a GPU. Each failure is a defect of the code that built the plan. */
import { LabError } from '../gpu/errors';
import { kernelModule } from '../gpu/kernel';
import { engineText } from '../text/engine';
import { kernelName, type BoundTensor, type Dispatch, type Plan } from './plan';
import { PART_ALIGNMENT, shareSlab, wordsOf } from './tensor';

/** WebGPU's default limits, which every plan must respect. */
export const DEFAULT_LIMITS = {
  storageBuffersPerStage: 8,
  invocationsPerWorkgroup: 256,
  workgroupBytes: 16_384,
  workgroupsPerDimension: 65_535,
  bindingBytes: 128 * 2 ** 20,
} as const;

/**
 * Throws an Error that names the first dispatch that breaks a rule. A tensor that is too large for one binding
 * is no defect but a spec that asks for too much: that is a LabError.
 */
export function validatePlan(plan: Plan): void {
  refuseOversized(plan);
  const written = new Set<number>();
  for (const dispatch of plan.dispatches) {
    const where = `${dispatch.label} (${kernelName(dispatch)})`;
    const problem =
      limitProblem(dispatch) ??
      aliasProblem(dispatch, plan) ??
      readBeforeWriteProblem(dispatch, written) ??
      homeProblem(dispatch);
    if (problem) throw new Error(`plan: ${where}: ${problem}`);
    for (const { access, tensor } of dispatch.bindings) if (access === 'read_write') written.add(tensor.id);
  }
}

function refuseOversized(plan: Plan): void {
  const tensors = plan.dispatches.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor));
  const large = tensors.find((tensor) => wordsOf(tensor) * 4 > DEFAULT_LIMITS.bindingBytes);
  if (!large) return;
  throw new LabError('limits', engineText.bindingTooLarge(large.name, wordsOf(large) * 4, DEFAULT_LIMITS.bindingBytes));
}

function limitProblem({ kernel, constants, entry, grid, bindings }: Dispatch): string | undefined {
  const { workgroupSize: size, workgroupBytes } = kernelModule(kernel, constants).entryPoints.get(entry)!;
  if (size[0] * size[1] * size[2] > DEFAULT_LIMITS.invocationsPerWorkgroup) return 'workgroup too large';
  if (workgroupBytes > DEFAULT_LIMITS.workgroupBytes) return `${workgroupBytes} bytes of workgroup memory`;
  if (bindings.length > DEFAULT_LIMITS.storageBuffersPerStage) return `${bindings.length} storage buffers`;
  if (grid.some((n) => n < 1 || n > DEFAULT_LIMITS.workgroupsPerDimension || !Number.isInteger(n)))
    return `grid ${grid.join(' × ')}`;
  return undefined;
}

/** Within one dispatch, a writable range must not be bound twice, nor its buffer be bound read-only as well. */
function aliasProblem({ bindings }: Dispatch, plan: Plan): string | undefined {
  for (const [i, a] of bindings.entries()) {
    for (const b of bindings.slice(i + 1)) {
      if (a.access === 'read' && b.access === 'read') continue;
      if (bufferOf(a, plan) !== bufferOf(b, plan)) continue;
      if (a.access !== b.access) return `${a.name} and ${b.name} bind one buffer, one read-only and one writable`;
      // What shares a slot shares all of it.
      if (a.tensor.home.kind === 'activation' || shareSlab(a.tensor, b.tensor))
        return `${a.name} and ${b.name} write the same range`;
    }
  }
  return undefined;
}

function bufferOf({ tensor }: BoundTensor, plan: Plan): string {
  return tensor.home.kind === 'slab' ? tensor.home.slab : `slot ${plan.slots.get(tensor.id)}`;
}

function readBeforeWriteProblem({ bindings }: Dispatch, written: Set<number>): string | undefined {
  const early = bindings.find(
    ({ access, tensor }) => access === 'read' && tensor.home.kind === 'activation' && !written.has(tensor.id),
  );
  return early && `${early.tensor.name} is read before anything writes it`;
}

function homeProblem({ bindings }: Dispatch): string | undefined {
  const skewed = bindings.find(
    ({ tensor }) => tensor.home.kind === 'slab' && tensor.home.offset % PART_ALIGNMENT !== 0,
  );
  return skewed && `${skewed.tensor.name} starts at an offset that no binding can have`;
}
