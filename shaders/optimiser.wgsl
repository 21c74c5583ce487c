// The end of a step: global-norm clipping (Pascanu et al. 2013, arXiv 1211.5063), the metrics row, and AdamW
// (Loshchilov & Hutter 2019, arXiv 1711.05101, algorithm 2):
//
//   squares:  partial_b = Σ g² over block b of 64 floats
//   finish:   norm = √Σ partial, clip = min(1, clip_norm / (norm + 1e-6)); metrics; step ← step + 1
//   update:   g ← clip·g;  m ← β1 m + (1−β1) g;  v ← β2 v + (1−β2) g²
//             p ← p − rate·decay·p − rate·(m·c1) / (√(v·c2) + ε),  rate = lr·lr_scale·lr_multiplier
//
// c1 = 1/(1−β1^t), c2 = 1/(1−β2^t) and lr_scale are row `step` of the schedule table, made in float64.
// A NaN is not hidden: min(1, NaN) would be 1, so the norm is reported as it is.
//
// Shapes: params, grads, m, v are whole slabs [blocks, 64]; `blocks` tells the replica, the index within the
// replica and the parameter group of each block. partials [R, blocks a replica], update [R, 64],
// losses, nll [R, rows] (0 where masked), ring [R, ring_steps, 4].
// Dispatch: squares one invocation a block, update one a quarter of it (x; z = 1: the table names the replica);
// finish one workgroup a replica (z = replica).
//
// includes: lib/layout.wgsl, lib/hyper.wgsl

const WORKGROUP = 64u;

struct Block {
  replica: u32,
  index: u32, // among the blocks of its replica
  decay: f32, // 1: weight decay applies
  lr_multiplier: f32, // 0: frozen
}

struct Update {
  rate: f32,
  decay: f32,
  clip: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  c1: f32,
  c2: f32,
  padding: array<vec4f, 14>,
}

struct Extents {
  blocks: u32, // of all replicas
  replica_blocks: u32, // of one replica
  rows: u32,
  inverse_count: f32, // 1 / scored rows
  schedule_rows: u32,
  ring_steps: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> blocks: array<Block>; // [blocks]
@group(0) @binding(2) var<storage, read> grads: array<vec4f>; // [blocks, 64]
@group(0) @binding(3) var<storage, read_write> partials: array<f32>; // [R, replica_blocks]
@group(0) @binding(4) var<storage, read> saved_partials: array<f32>; // [R, replica_blocks]
@group(0) @binding(5) var<storage, read> losses: array<f32>; // [R, rows]
@group(0) @binding(6) var<storage, read> nll: array<f32>; // [R, rows]
@group(0) @binding(7) var<storage, read> hyper: array<Hyper>; // [R]
@group(0) @binding(8) var<storage, read> schedule: array<vec4f>; // [R, schedule_rows]: lr_scale, c1, c2, open fraction
@group(0) @binding(9) var<storage, read_write> counters: array<u32>; // [R, 64], word 0 = steps done
@group(0) @binding(10) var<storage, read_write> update_row: array<Update>; // [R]
@group(0) @binding(11) var<storage, read> update_of: array<Update>; // [R]
@group(0) @binding(12) var<storage, read_write> ring: array<vec4f>; // [R, ring_steps]: loss, floor, gradient norm, lr
@group(0) @binding(13) var<storage, read_write> params: array<vec4f>; // [blocks, 64]
@group(0) @binding(14) var<storage, read_write> m: array<vec4f>; // [blocks, 64]
@group(0) @binding(15) var<storage, read_write> v: array<vec4f>; // [blocks, 64]

@compute @workgroup_size(WORKGROUP)
fn squares(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.blocks) {
    return;
  }
  var sum = vec4f(0.0);
  for (var i = 0u; i < 16u; i++) {
    let g = grads[id.x * 16u + i];
    sum = fma(g, g, sum);
  }
  let block = blocks[id.x];
  partials[block.replica * replica_stride(extents.replica_blocks) + block.index] = dot(sum, vec4f(1.0));
}

const LANES = 32u;
var<workgroup> sums: array<vec4f, LANES>;

@compute @workgroup_size(LANES)
fn finish(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group_id: vec3u) {
  let replica = group_id.z;
  // Lane l adds elements l, l + LANES, … and lane 0 adds the lanes: an order that depends on nothing else.
  var sum = vec4f(0.0);
  let base_partials = replica * replica_stride(extents.replica_blocks);
  for (var i = lane; i < extents.replica_blocks; i += LANES) {
    sum.z += saved_partials[base_partials + i];
  }
  let base_rows = replica * replica_stride(extents.rows);
  for (var i = lane; i < extents.rows; i += LANES) {
    sum.x += losses[base_rows + i];
    sum.y += nll[base_rows + i];
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) {
    return;
  }
  for (var i = 1u; i < LANES; i++) {
    sum += sums[i];
  }
  let step = counters[replica * 64u];
  let row = schedule[replica * replica_stride4(4u * extents.schedule_rows) + min(step, extents.schedule_rows - 1u)];
  let norm = sqrt(sum.z);
  let rate = hyper[replica].lr * row.x;
  update_row[replica].rate = rate;
  update_row[replica].decay = hyper[replica].weight_decay;
  var clip = 1.0;
  if (hyper[replica].clip_norm > 0.0) {
    clip = min(1.0, hyper[replica].clip_norm / (norm + 1e-6));
  }
  update_row[replica].beta1 = hyper[replica].beta1;
  update_row[replica].beta2 = hyper[replica].beta2;
  update_row[replica].epsilon = hyper[replica].epsilon;
  update_row[replica].c1 = row.y;
  update_row[replica].c2 = row.z;
  update_row[replica].clip = clip;
  ring[replica * replica_stride4(4u * extents.ring_steps) + step % extents.ring_steps] =
    vec4f(sum.x * extents.inverse_count, sum.y * extents.inverse_count, norm, rate);
  counters[replica * 64u] = step + 1u;
}

const QUARTERS = 4u; // of a block, one each invocation

@compute @workgroup_size(WORKGROUP)
fn update(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.blocks * QUARTERS) {
    return;
  }
  let block = blocks[id.x / QUARTERS];
  let r = block.replica;
  let rate = update_of[r].rate * block.lr_multiplier;
  let clip = update_of[r].clip;
  let beta1 = update_of[r].beta1;
  let beta2 = update_of[r].beta2;
  let epsilon = update_of[r].epsilon;
  let c1 = update_of[r].c1;
  let c2 = update_of[r].c2;
  let decay = update_of[r].decay * block.decay;
  for (var i = 0u; i < 16u / QUARTERS; i++) {
    let at = id.x * (16u / QUARTERS) + i;
    let g = grads[at] * clip;
    let p = params[at];
    let m_new = fma(vec4f(beta1), m[at], (1.0 - beta1) * g);
    let v_new = fma(vec4f(beta2), v[at], (1.0 - beta2) * g * g);
    m[at] = m_new;
    v[at] = v_new;
    params[at] = p - rate * (decay * p + m_new * c1 / (sqrt(v_new * c2) + epsilon));
  }
}
