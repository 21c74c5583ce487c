import type { Dispatch } from './plan';
import type { Tensor } from './tensor';

/** Drops dispatches whose results nothing reads. What is kept, or written to a slab, is a result in itself. */
export function prune(dispatches: Dispatch[], kept: readonly Tensor[] = []): Dispatch[] {
  const wanted = new Set(kept.map(({ id }) => id));
  const useful: Dispatch[] = [];
  for (const dispatch of [...dispatches].reverse()) {
    const written = dispatch.bindings.filter(({ access }) => access === 'read_write');
    if (!written.some(({ tensor }) => tensor.home.kind === 'slab' || wanted.has(tensor.id))) continue;
    for (const { tensor } of dispatch.bindings) wanted.add(tensor.id);
    useful.push(dispatch);
  }
  return useful.reverse();
}
