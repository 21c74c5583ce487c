import { kernelModule } from '../gpu/kernel';
import type { KernelText, PlanDescription } from '../protocol';
import { bytesMoved, kernelName, type Plan } from './plan';

/** The plan as a table for readers: what is dispatched, on what, and how much it costs. */
export function describePlan(plan: Plan): PlanDescription {
  const dispatches = plan.dispatches.map((dispatch, index) => ({
    index,
    kernel: kernelName(dispatch),
    label: dispatch.label,
    grid: dispatch.grid,
    bindings: dispatch.bindings.map(({ name, tensor }) => `${name}: [${tensor.parts}, ${tensor.shape.join(', ')}]`),
    flops: dispatch.flops,
    bytes: bytesMoved(dispatch),
  }));
  return {
    dispatches,
    executedFlops: dispatches.reduce((sum, row) => sum + row.flops, 0),
    bytesMoved: dispatches.reduce((sum, row) => sum + row.bytes, 0),
    pipelines: new Set(plan.dispatches.map((d) => `${kernelName(d)} ${JSON.stringify(d.constants)}`)).size,
  };
}

/** What dispatch `index` runs, as text. Undefined where the plan has no such dispatch. */
export function kernelText({ dispatches }: Plan, index: number): KernelText | undefined {
  const dispatch = dispatches[index];
  if (!dispatch) return undefined;
  const { kernel, constants, entry, extents } = dispatch;
  const { code, entryPoints } = kernelModule(kernel, constants);
  const { workgroupSize } = entryPoints.get(entry)!;
  return { code, entry, workgroupSize, constants: { ...constants }, extents, files: [...kernel.files] };
}
