// Appends the mean loss of one evaluation batch, and the source's own, to a ring; then counts the batch.
//
//   ring[batch] = Σ losses / scored, Σ nll / scored, 0, 0;   batch ← batch + 1
//
// Shapes: losses, nll [R, rows] (0 where masked), counters [R, 64] (word 0 = batches done), ring [R, ring_steps, 4].
// Dispatch: one workgroup a replica (z = replica).
//
// includes: lib/layout.wgsl

const LANES = 32u;

struct Extents {
  rows: u32,
  inverse_count: f32, // 1 / scored rows
  ring_steps: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> losses: array<f32>; // [R, rows]
@group(0) @binding(2) var<storage, read> nll: array<f32>; // [R, rows]
@group(0) @binding(3) var<storage, read_write> counters: array<u32>; // [R, 64]
@group(0) @binding(4) var<storage, read_write> ring: array<vec4f>; // [R, ring_steps]

var<workgroup> sums: array<vec2f, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group_id: vec3u) {
  let replica = group_id.z;
  var sum = vec2f(0.0);
  let base = replica * replica_stride(extents.rows);
  for (var i = lane; i < extents.rows; i += LANES) {
    sum += vec2f(losses[base + i], nll[base + i]);
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0u) {
    return;
  }
  for (var i = 1u; i < LANES; i++) {
    sum += sums[i];
  }
  let batch = counters[replica * 64u];
  ring[replica * replica_stride4(4u * extents.ring_steps) + batch % extents.ring_steps] =
    vec4f(sum * extents.inverse_count, 0.0, 0.0);
  counters[replica * 64u] = batch + 1u;
}
