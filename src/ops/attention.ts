import layout from '../../shaders/lib/layout.wgsl?raw';
import source from '../../shaders/attention.wgsl?raw';
import panelSource from '../../shaders/panel-attention.wgsl?raw';
import { defineKernel } from '../gpu/kernel';
import { attentionBlocks, attentionTile, workgroupSize, KEY_BLOCK, NEIGHBOURS } from '../gpu/profile';
import type { PlanBuilder } from '../plan/builder';
import { columns, type Tensor } from '../plan/tensor';
import { once } from './once';

const kernel = defineKernel('attention', layout, source);
const panelKernel = defineKernel('panel-attention', layout, panelSource);

/** Causal attention over packed projections. qkv `[B·T, 3·D]` → y `[B·T, D]`. D / heads is a multiple of 4. */
export function attention(b: PlanBuilder, qkv: Tensor, batch: number, seqLen: number, heads: number): Tensor {
  const d = columns(qkv) / 3;
  const width = d / heads;
  const rows = batch * seqLen;
  const y = b.tensor('attention', [rows, d]);
  const lse = b.tensor('attention lse', [rows, heads]);
  const extents = { batch, seq_len: seqLen, heads, scale: 1 / Math.sqrt(width) };
  const blocks = attentionBlocks(b.profile, seqLen, width);
  if (blocks > 0) {
    const constants = { HEAD4: width / 4, BLOCKS: blocks };
    const pairs = batch * heads * blockPairs(seqLen);
    b.dispatch(panelKernel, 'forward', { qkv, y, lse }, extents, batch * heads, {
      ...{ label: 'attention', constants, flops: pairs * 4 * width },
    });
    b.backward(y, (dy) => {
      const dqkv = once(b.grad(qkv));
      b.dispatch(panelKernel, 'backward', { qkv, saved_y: y, saved_lse: lse, dy, dqkv }, extents, batch * heads, {
        ...{ label: 'attention dq dk dv', constants, flops: pairs * 10 * width },
      });
    });
    return y;
  }
  const tile = attentionTile(width);
  const subgroup = b.profile === 'subgroup';
  const tiles = (size: number): number => batch * heads * NEIGHBOURS * Math.ceil(seqLen / (size * NEIGHBOURS));
  const [queryTiles, keyTiles] = [tiles(tile.QUERY_TILE), tiles(tile.KEY_TILE)];
  const constants = { HEAD4: width / 4, ...tile, SUBGROUP: subgroup, WORKGROUP: workgroupSize(b.profile) };
  // Tiles that go together meet every key up to the last query of all.
  const together = subgroup ? NEIGHBOURS : 1;
  const pairs = batch * heads * tilePairs(seqLen, together * tile.QUERY_TILE);
  b.dispatch(kernel, 'forward', { qkv, y, lse }, extents, queryTiles, {
    label: 'attention',
    constants,
    flops: pairs * 4 * width,
  });
  b.backward(y, (dy) => {
    const dqkv = once(b.grad(qkv));
    const keyPairs = batch * heads * tilePairs(seqLen, together * tile.KEY_TILE);
    const saved = { qkv, saved_y: y, saved_lse: lse, dy };
    if (!subgroup) {
      b.dispatch(kernel, 'backward', { ...saved, dqkv }, extents, queryTiles + keyTiles, {
        label: 'attention dq dk dv',
        constants: { ...constants, TOGETHER: true },
        flops: pairs * 6 * width + keyPairs * 10 * width,
      });
      return;
    }
    const delta = b.tensor('attention delta', [rows, heads]);
    b.dispatch(kernel, 'backward_query', { ...saved, delta, dqkv }, extents, queryTiles, {
      ...{ label: 'attention dq', constants, flops: pairs * 6 * width },
    });
    b.dispatch(kernel, 'backward_key', { qkv, saved_lse: lse, dy, saved_delta: delta, dqkv }, extents, keyTiles, {
      ...{ label: 'attention dk dv', constants, flops: keyPairs * 8 * width },
    });
  });
  return y;
}

/** Query–key pairs that are computed for one head of one sequence, whole tiles counted. */
function tilePairs(seqLen: number, tile: number): number {
  let pairs = 0;
  for (let first = 0; first < seqLen; first += tile) pairs += tile * Math.min(first + tile, seqLen);
  return pairs;
}

/** The same where every query meets the blocks of keys up to its own. */
function blockPairs(seqLen: number): number {
  let pairs = 0;
  for (let query = 0; query < seqLen; query++) pairs += KEY_BLOCK * Math.ceil((query + 1) / KEY_BLOCK);
  return pairs;
}
