/**
 * Puts dispatches that do not depend on each other into one: a weight gradient beside the gradient of the input, both
 * of a norm's gradients, an embedding's tables. Small models are bound by the number of dispatches on a GPU.
 */
import { kernelModule } from '../gpu/kernel';
import type { EntryPoint } from '../gpu/reflect';
import { partName, partStart, sideBySide, SIDE_BY_SIDE, type Part } from '../gpu/side-by-side';
import type { BoundTensor, Dispatch } from './plan';
import { shareSlab, type SlabName } from './tensor';
import { DEFAULT_LIMITS } from './validate';

/**
 * The same work in fewer dispatches: each moves up to the first that comes after all it depends on and has room for
 * it, and else goes behind all others.
 */
export function bundle(dispatches: readonly Dispatch[]): Dispatch[] {
  const bundles: Dispatch[][] = [];
  for (const dispatch of dispatches) {
    const after = bundles.findLastIndex((members) => members.some((member) => dependent(member, dispatch)));
    const room = bundles.findIndex((members, i) => i > after && fits([...members, dispatch]));
    if (room >= 0) bundles[room]!.push(dispatch);
    else bundles.push([dispatch]);
  }
  return bundles.map((members) => (members.length > 1 ? joint(members) : members[0]!));
}

/** Whether one of two writes what the other touches. */
function dependent(a: Dispatch, b: Dispatch): boolean {
  return a.bindings.some((x) =>
    b.bindings.some(
      (y) =>
        (x.access === 'read_write' || y.access === 'read_write') &&
        (x.tensor.id === y.tensor.id || shareSlab(x.tensor, y.tensor)),
    ),
  );
}

function fits(members: Dispatch[]): boolean {
  const [first] = members;
  return (
    members.every(({ grid }) => grid[1] === 1 && grid[2] === first!.grid[2]) &&
    new Set(members.map((member) => entryPoint(member).workgroupSize.join())).size === 1 &&
    members.reduce((sum, { grid }) => sum + grid[0], 0) <= DEFAULT_LIMITS.workgroupsPerDimension &&
    workgroupBytes(members) <= DEFAULT_LIMITS.workgroupBytes &&
    bindingCount(members) <= DEFAULT_LIMITS.storageBuffersPerStage &&
    !readAndWritten(members)
  );
}

function entryPoint({ kernel, constants, entry }: Dispatch): EntryPoint {
  return kernelModule(kernel, constants).entryPoints.get(entry)!;
}

/** Every part has memory of its own, although only one of them runs in a workgroup. */
function workgroupBytes(members: Dispatch[]): number {
  return members.reduce((sum, member) => sum + entryPoint(member).workgroupBytes, 0);
}

/** At most: what several only read counts once. */
function bindingCount(members: Dispatch[]): number {
  const keys = members.flatMap(({ bindings }, member) =>
    bindings.map(({ access, tensor, name }) => (access === 'read' ? `${tensor.id}` : `${member} ${name}`)),
  );
  return new Set(keys).size;
}

/** Whether a slab would be bound both read-only and writable, which WebGPU refuses even where ranges are apart. */
function readAndWritten(members: Dispatch[]): boolean {
  const bindings = members.flatMap((member) => member.bindings);
  const slabs = (wanted: BoundTensor['access']): SlabName[] =>
    bindings.flatMap(({ access, tensor: { home } }) => (access === wanted && home.kind === 'slab' ? [home.slab] : []));
  const written = new Set(slabs('read_write'));
  return slabs('read').some((slab) => written.has(slab));
}

function joint(members: Dispatch[]): Dispatch {
  // Numbers of their own, not the tensors' ids: layers that look alike then share a kernel.
  const ids = [...new Set(members.flatMap(({ bindings }) => bindings.map(({ tensor }) => tensor.id)))];
  const parts: Part[] = members.map(({ kernel, constants, entry, bindings }) => ({
    ...{ kernel, constants, entry },
    bindings: bindings.map(({ name, access, tensor }) => ({ name, access, key: ids.indexOf(tensor.id) })),
  }));
  const { kernel, names } = sideBySide(parts);
  const tensors = new Map(
    members.flatMap(({ bindings }, i) => bindings.map(({ name, tensor }) => [names[i]!.get(name)!, tensor] as const)),
  );
  const extents: Record<string, number> = {};
  let workgroups = 0;
  for (const [i, member] of members.entries()) {
    if (i > 0) extents[partStart(i)] = workgroups;
    workgroups += member.grid[0];
    for (const [name, value] of Object.entries(member.extents)) extents[partName(i, name)] = value;
  }
  const { bindings } = kernelModule(kernel, {}).entryPoints.get(SIDE_BY_SIDE)!;
  return {
    ...{ kernel, entry: SIDE_BY_SIDE, constants: {}, extents },
    label: members.map(({ label }) => label).join(' + '),
    bindings: bindings.flatMap((binding) => {
      const tensor = tensors.get(binding.name);
      return tensor ? [{ ...binding, tensor }] : [];
    }),
    grid: [workgroups, 1, members[0]!.grid[2]],
    flops: members.reduce((sum, { flops }) => sum + flops, 0),
  };
}
