// Token plus learned position embedding:
//
//   y_r = tokens[ids_r] + positions[r mod T]
//   dtokens_g = Σ_{r: ids_r = g} dy_r  (rows found through `route`),   dpositions_t = Σ_b dy_{b·T + t}
//
// Shapes, for each replica: ids [B·T], tokens [vocabulary, D], positions [T, D], y [B·T, D]; `order` [B·T] and
// `offsets` [vocabulary + 1] are route's. D is a multiple of 4.
// Dispatch: one invocation for each vec4 of what is written (x), z = replica. No atomics: every output has one
// writer, which adds its rows in their order.
//
// includes: lib/layout.wgsl

const WORKGROUP = 32u;

struct Extents {
  rows: u32,
  cols: u32,
  seq_len: u32,
  vocabulary: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [R, B·T]
@group(0) @binding(2) var<storage, read> tokens: array<vec4f>; // [R, vocabulary, D]
@group(0) @binding(3) var<storage, read> positions: array<vec4f>; // [R, T, D]
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>; // [R, B·T, D]
@group(0) @binding(5) var<storage, read> dy: array<vec4f>; // [R, B·T, D]
@group(0) @binding(6) var<storage, read> order: array<u32>; // [R, B·T]
@group(0) @binding(7) var<storage, read> offsets: array<u32>; // [R, vocabulary + 1]
@group(0) @binding(8) var<storage, read_write> dtokens: array<vec4f>; // [R, vocabulary, D]
@group(0) @binding(9) var<storage, read_write> dpositions: array<vec4f>; // [R, T, D]

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let cols4 = extents.cols / 4u;
  let row = id.x / cols4;
  if (row >= extents.rows) {
    return;
  }
  let column = id.x % cols4;
  let token = ids[id.z * replica_stride(extents.rows) + row];
  let base_t = id.z * replica_stride4(extents.vocabulary * extents.cols);
  let base_p = id.z * replica_stride4(extents.seq_len * extents.cols);
  let base_y = id.z * replica_stride4(extents.rows * extents.cols);
  y[base_y + id.x] = tokens[base_t + token * cols4 + column] + positions[base_p + row % extents.seq_len * cols4 + column];
}

@compute @workgroup_size(WORKGROUP)
fn backward_tokens(@builtin(global_invocation_id) id: vec3u) {
  let cols4 = extents.cols / 4u;
  let token = id.x / cols4;
  if (token >= extents.vocabulary) {
    return;
  }
  let column = id.x % cols4;
  let base_offsets = id.z * replica_stride(extents.vocabulary + 1u) + token;
  let base_order = id.z * replica_stride(extents.rows);
  let base_y = id.z * replica_stride4(extents.rows * extents.cols);
  var sum = vec4f(0.0);
  for (var i = offsets[base_offsets]; i < offsets[base_offsets + 1u]; i++) {
    sum += dy[base_y + order[base_order + i] * cols4 + column];
  }
  dtokens[id.z * replica_stride4(extents.vocabulary * extents.cols) + id.x] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn backward_positions(@builtin(global_invocation_id) id: vec3u) {
  let cols4 = extents.cols / 4u;
  if (id.x >= extents.seq_len * cols4) {
    return;
  }
  let base_y = id.z * replica_stride4(extents.rows * extents.cols) + id.x;
  var sum = vec4f(0.0);
  for (var b = 0u; b < extents.rows / extents.seq_len; b++) {
    sum += dy[base_y + b * extents.seq_len * cols4];
  }
  dpositions[id.z * replica_stride4(extents.seq_len * extents.cols) + id.x] = sum;
}
