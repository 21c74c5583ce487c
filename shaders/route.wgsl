// Groups rows by an id: count, scan, place. Indices only; stable, so it is deterministic without atomics.
//
//   offsets_g = number of rows with an id below g,   order = the rows sorted by id, each group in row order
//
// Used for experts, for fixed routing tables, and for the gradient of an embedding (group = token id). With TILE the
// groups are also cut into tiles of TILE rows, none across two groups: tiles = (group, its first place in `order`),
// in order; a tile that is not needed has the group GROUPS. Dropless: there is room for the worst case, which is
// ⌊(rows + GROUPS·(TILE − 1)) / TILE⌋ tiles.
//
// Shapes, for each replica: ids [rows], offsets [GROUPS + 1], order [rows], tiles [tile_count, 2]. rows ≤ 8,192.
// Dispatch: one workgroup a replica (x = 1 workgroup, z = replica). Each of the LANES invocations counts and places
// a run of rows; its counts are kept apart, so that no two write to one place. GROUPS · LANES ≤ 4,096 (16 KiB).
//
// includes: lib/layout.wgsl

const GROUPS = 16u;
const LANES = 64u;
const TILE = 0u;

struct Extents {
  rows: u32,
  tile_count: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> ids: array<u32>; // [R, rows]
@group(0) @binding(2) var<storage, read_write> offsets: array<u32>; // [R, GROUPS + 1]
@group(0) @binding(3) var<storage, read_write> order: array<u32>; // [R, rows]
@group(0) @binding(4) var<storage, read_write> tiles: array<vec2u>; // [R, tile_count, 2]

/// Rows of each group (major) that each lane has; after the scan, those of the lanes up to it.
var<workgroup> counts: array<u32, GROUPS * LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group_id: vec3u) {
  let rows = extents.rows;
  let base = group_id.z * replica_stride(rows);
  let run = (rows + LANES - 1u) / LANES;
  let first = min(lane * run, rows);
  let end = min(first + run, rows);
  for (var row = first; row < end; row++) {
    counts[ids[base + row] * LANES + lane] += 1u;
  }
  workgroupBarrier();
  for (var group = lane; group < GROUPS; group += LANES) {
    var total = 0u;
    // `while`: these loops are too long to be written out.
    var other = 0u;
    while (other < LANES) {
      total += counts[group * LANES + other];
      counts[group * LANES + other] = total;
      other += 1u;
    }
  }
  workgroupBarrier();
  let base_offsets = group_id.z * replica_stride(GROUPS + 1u);
  let base_tiles = group_id.z * replica_stride(2u * extents.tile_count) / 2u;
  var at = 0u;
  var tile = 0u;
  var group = 0u;
  while (group < GROUPS) {
    let total = counts[group * LANES + LANES - 1u];
    if (group % LANES == lane) {
      offsets[base_offsets + group] = at;
      if (TILE > 0u) {
        for (var inside = 0u; inside < total; inside += TILE) {
          tiles[base_tiles + tile + inside / TILE] = vec2u(group, at + inside);
        }
      }
    }
    at += total;
    if (TILE > 0u) {
      tile += (total + TILE - 1u) / TILE;
    }
    group += 1u;
  }
  if (lane == 0u) {
    offsets[base_offsets + GROUPS] = at;
  }
  if (TILE > 0u) {
    for (var unused = tile + lane; unused < extents.tile_count; unused += LANES) {
      tiles[base_tiles + unused] = vec2u(GROUPS, 0u);
    }
  }
  storageBarrier();
  workgroupBarrier();
  // From the last row to the first, each before those that this lane has placed.
  for (var row = end; row > first; row--) {
    let id = ids[base + row - 1u];
    let place = counts[id * LANES + lane] - 1u;
    counts[id * LANES + lane] = place;
    order[base + offsets[base_offsets + id] + place] = row - 1u;
  }
}
