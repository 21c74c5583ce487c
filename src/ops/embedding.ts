import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/embedding.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import type { PlanBuilder } from '../plan/builder';
import { columns, rows as rowsOf, type Tensor } from '../plan/tensor';
import { once } from './once';
import { route } from './route';

const kernel = defineKernel('embedding', layout, source);

/** y = tokens[ids] + positions. ids `[B·T]`, tokens `[vocabulary, D]`, positions `[T, D]` → y `[B·T, D]`. */
export function embedding(b: PlanBuilder, ids: Tensor, tokens: Tensor, positions: Tensor): Tensor {
  const cols = columns(tokens);
  const extents = { rows: ids.size, cols, seq_len: rowsOf(positions), vocabulary: rowsOf(tokens) };
  const y = b.tensor('embedding', [ids.size, cols]);
  b.dispatch(kernel, 'forward', { ids, tokens, positions, y }, extents, y.size / 4, {
    label: 'embedding',
    flops: y.size,
  });
  b.backward(y, (dy) => {
    const { offsets, order } = route(b, ids, extents.vocabulary);
    const dtokens = once(b.grad(tokens));
    const dpositions = once(b.grad(positions));
    b.dispatch(kernel, 'backward_tokens', { dy, order, offsets, dtokens }, extents, tokens.size / 4, {
      label: 'd token embedding',
      flops: y.size,
    });
    b.dispatch(kernel, 'backward_positions', { dy, dpositions }, extents, positions.size / 4, {
      label: 'd position embedding',
      flops: y.size,
    });
  });
  return y;
}
