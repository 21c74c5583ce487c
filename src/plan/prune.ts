import type { Dispatch } from './plan';

/** Drops dispatches whose results nothing reads. What is written to a slab is a result in itself. */
export function prune(dispatches: Dispatch[]): Dispatch[] {
  const wanted = new Set<number>();
  const kept: Dispatch[] = [];
  for (const dispatch of [...dispatches].reverse()) {
    const written = dispatch.bindings.filter(({ access }) => access === 'read_write');
    if (!written.some(({ tensor }) => tensor.home.kind === 'slab' || wanted.has(tensor.id))) continue;
    for (const { tensor } of dispatch.bindings) wanted.add(tensor.id);
    kept.push(dispatch);
  }
  return kept.reverse();
}
