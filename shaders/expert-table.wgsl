// Experts looked up in a fixed table in place of a router: by token, by position, or by the document's topic.
//
//   experts_(r·k+j) = table[key_r, j],   gates = 1/k
//   key_r = ids_r (KEY 0),   r mod T (KEY 1),   ids of the document's first token − first_topic (KEY 2)
//
// Shapes, for each replica: ids [rows], table [keys, k], experts, gates [rows·k].
// Dispatch: one invocation a slot (x), z = replica.
//
// includes: lib/layout.wgsl

const WORKGROUP = 32u;
const TOP_K = 2u;
const KEY = 0u;

struct Extents {
  rows: u32,
  keys: u32,
  seq_len: u32,
  first_topic: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [R, rows]
@group(0) @binding(2) var<storage, read> table: array<u32>; // [R, keys, k]
@group(0) @binding(3) var<storage, read_write> experts: array<u32>; // [R, rows·k]
@group(0) @binding(4) var<storage, read_write> gates: array<f32>; // [R, rows·k]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.rows * TOP_K) {
    return;
  }
  let row = id.x / TOP_K;
  let base_ids = id.z * replica_stride(extents.rows);
  var key = row % extents.seq_len;
  if (KEY == 0u) {
    key = ids[base_ids + row];
  }
  if (KEY == 2u) {
    key = ids[base_ids + row / extents.seq_len * extents.seq_len] - extents.first_topic;
  }
  let at = id.z * replica_stride(extents.rows * TOP_K) + id.x;
  experts[at] = table[id.z * replica_stride(extents.keys * TOP_K) + key * TOP_K + id.x % TOP_K];
  gates[at] = 1.0 / f32(TOP_K);
}
