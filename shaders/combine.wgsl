// The outputs of the experts that a row visited, added up as a gather: slot r·k + j holds the j-th of row r.
//
//   forward:         y_r = Σ_j gate_(r·k+j) · outputs_(r·k+j) + residual_r
//   backward_gates:  dgate_s = dy_(s / k) · outputs_s
//   backward_input:  dx_r = Σ_j dslots_(r·k+j)  (+ dx_r with accumulate_dx)
//
// Shapes, for each replica: outputs, dslots [rows·k, D], gates, dgates [rows·k], y, dy, dx, residual [rows, D].
// Dispatch: one invocation a vec4 of y or dx, or a slot (x); z = replica.
//
// includes: lib/layout.wgsl

const WORKGROUP = 32u;
const TOP_K = 2u;

struct Extents {
  rows: u32,
  cols: u32,
  accumulate_dx: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> outputs: array<vec4f>; // [R, rows·k, D]
@group(0) @binding(2) var<storage, read> gates: array<f32>; // [R, rows·k]
@group(0) @binding(3) var<storage, read> residual: array<vec4f>; // [R, rows, D]
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>; // [R, rows, D]
@group(0) @binding(5) var<storage, read> dy: array<vec4f>; // [R, rows, D]
@group(0) @binding(6) var<storage, read_write> dgates: array<f32>; // [R, rows·k]
@group(0) @binding(7) var<storage, read> dslots: array<vec4f>; // [R, rows·k, D]
@group(0) @binding(8) var<storage, read_write> dx: array<vec4f>; // [R, rows, D]

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let cols4 = extents.cols / 4u;
  let row = id.x / cols4;
  if (row >= extents.rows) {
    return;
  }
  let column = id.x % cols4;
  let base_slots = id.z * replica_stride(extents.rows * TOP_K) + row * TOP_K;
  let base_outputs = id.z * replica_stride4(extents.rows * TOP_K * extents.cols) + row * TOP_K * cols4 + column;
  let at = id.z * replica_stride4(extents.rows * extents.cols) + id.x;
  var sum = residual[at];
  for (var j = 0u; j < TOP_K; j++) {
    sum = fma(vec4f(gates[base_slots + j]), outputs[base_outputs + j * cols4], sum);
  }
  y[at] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn backward_gates(@builtin(global_invocation_id) id: vec3u) {
  let slot = id.x;
  if (slot >= extents.rows * TOP_K) {
    return;
  }
  let cols4 = extents.cols / 4u;
  let base_outputs = id.z * replica_stride4(extents.rows * TOP_K * extents.cols) + slot * cols4;
  let base_dy = id.z * replica_stride4(extents.rows * extents.cols) + slot / TOP_K * cols4;
  var sum = vec4f(0.0);
  for (var column = 0u; column < cols4; column++) {
    sum = fma(dy[base_dy + column], outputs[base_outputs + column], sum);
  }
  dgates[id.z * replica_stride(extents.rows * TOP_K) + slot] = dot(sum, vec4f(1.0));
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(@builtin(global_invocation_id) id: vec3u) {
  let cols4 = extents.cols / 4u;
  let row = id.x / cols4;
  if (row >= extents.rows) {
    return;
  }
  let column = id.x % cols4;
  let base_slots = id.z * replica_stride4(extents.rows * TOP_K * extents.cols) + row * TOP_K * cols4 + column;
  let at = id.z * replica_stride4(extents.rows * extents.cols) + id.x;
  var sum = vec4f(0.0);
  if (extents.accumulate_dx != 0u) {
    sum = dx[at];
  }
  for (var j = 0u; j < TOP_K; j++) {
    sum += dslots[base_slots + j * cols4];
  }
  dx[at] = sum;
}
