// Groups rows by an id: count, scan, place. Indices only; stable, so it is deterministic without atomics.
//
//   offsets_g = number of rows with an id below g,   order = the rows sorted by id, each group in row order
//
// Used for experts, for fixed routing tables, and for the gradient of an embedding (group = token id).
//
// Shapes, for each replica: ids [rows], offsets [groups + 1], order [rows]. rows ≤ 8,192.
// Dispatch: one workgroup a replica (x = 1 workgroup, z = replica). Each invocation owns the groups that equal
// its index modulo WORKGROUP and walks all ids twice, four at a time.
//
// includes: lib/layout.wgsl

const WORKGROUP = 64u;
const GROUPS = 64u;

struct Extents {
  rows: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> ids: array<vec4u>; // [R, rows], padding included in the binding
@group(0) @binding(2) var<storage, read_write> offsets: array<u32>; // [R, groups + 1]
@group(0) @binding(3) var<storage, read_write> order: array<u32>; // [R, rows]

var<workgroup> counts: array<u32, GROUPS>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group_id: vec3u) {
  let rows = extents.rows;
  let base = group_id.z * replica_stride(rows);
  let blocks = (rows + 3u) / 4u;
  for (var group = lane; group < GROUPS; group += WORKGROUP) {
    var count = 0u;
    for (var i = 0u; i < blocks; i++) {
      let hits = select(vec4u(0u), vec4u(1u), (ids[base / 4u + i] == vec4u(group)) & (vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) < vec4u(rows)));
      count += hits.x + hits.y + hits.z + hits.w;
    }
    counts[group] = count;
  }
  workgroupBarrier();
  let base_offsets = group_id.z * replica_stride(GROUPS + 1u);
  for (var group = lane; group < GROUPS; group += WORKGROUP) {
    var at = 0u;
    for (var before = 0u; before < group; before++) {
      at += counts[before];
    }
    offsets[base_offsets + group] = at;
    if (group + 1u == GROUPS) {
      offsets[base_offsets + GROUPS] = at + counts[group];
    }
    for (var i = 0u; i < blocks; i++) {
      let hits = (ids[base / 4u + i] == vec4u(group)) & (vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) < vec4u(rows));
      if (any(hits)) {
        for (var s = 0u; s < 4u; s++) {
          if (hits[s]) {
            order[base + at] = 4u * i + s;
            at++;
          }
        }
      }
    }
  }
}
