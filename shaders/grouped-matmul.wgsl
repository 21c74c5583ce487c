enable subgroups;

// Matrix products of rows with the matrix of their own group: what sparse experts compute. Place i of `order` holds
// a slot, slot r·k + j is the j-th visit of row r, and the places of group g are offsets_g … offsets_(g+1):
//
//   rows:     c_i = f(a_i · op(b_g) + bias_g) ∘ act' · gate      for every place i of every group g
//   weights:  c_g = Σ_{places i of g} a_iᵀ · (b_i · gate),  dbias_g = Σ b_i · gate;  0 for a group without places
//
// A row of `a`, `b` or `c` lies at its place, or, with GATHER, at the row r of its slot, or, with SCATTER, at its
// slot. So tokens are neither copied to their experts nor copied back, and nobody computes what no token asked for.
//
// Shapes, for each replica: rows: a [*, k], op(b) [groups, k, n] (stored [groups, n, k] with TRANSPOSE_B), c [*, n],
// bias [groups, n]; weights: a [*, m], b [*, n], c [groups, m, n], dbias [groups, n]. gates and order [slots]; offsets
// and tiles are route's, with tiles of 4·TILE_M places. m, n and k are multiples of 4.
//
// Dispatch, as in matmul.wgsl: an invocation computes TILE_M × 4·TILE_N4 outputs in registers, four neighbours take
// tiles one below the other. rows: x = (tile of `tiles`, column tile, which of the four); the workgroups of tiles that
// do not exist return at once. weights: x = (group, four row tiles, column tile, which of the four). z = replica.
// Beyond a group's end its last row is computed again and not stored, and rows of a sum count as zero.
//
// includes: lib/layout.wgsl, lib/gelu.wgsl

const TILE_M = 8u;
const TILE_N4 = 2u;
const TILE_M4 = TILE_M / 4u;
const TOP_K = 2u;
const WORKGROUP = 16u;
const SUBGROUP = false;
const TRANSPOSE_B = false;
const GATHER_A = false;
const GATHER_B = false;
const SCATTER = false;
const SCALE = false;
const BIAS = false;
const BIAS_GRADIENT = false;
const RELU = false;
const GELU = false;
const SAVE_SLOPE = false;
const RELU_GRADIENT = false;
const GELU_GRADIENT = false;

struct Extents {
  groups: u32,
  slots: u32,
  a_rows: u32,
  b_rows: u32,
  c_rows: u32,
  m: u32,
  n: u32,
  k: u32,
  tile_count: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> tiles: array<vec2u>; // [R, tile_count, 2]
@group(0) @binding(2) var<storage, read> offsets: array<u32>; // [R, groups + 1]
@group(0) @binding(3) var<storage, read> order: array<u32>; // [R, slots]
@group(0) @binding(4) var<storage, read> gates: array<f32>; // [R, slots]
@group(0) @binding(5) var<storage, read> a: array<vec4f>; // [R, a_rows, k or m]
@group(0) @binding(6) var<storage, read> b: array<vec4f>; // [R, groups, k, n], or [R, b_rows, n]
@group(0) @binding(7) var<storage, read_write> c: array<vec4f>; // [R, c_rows, n], or [R, groups, m, n]
@group(0) @binding(8) var<storage, read> bias: array<vec4f>; // [R, groups, n]
@group(0) @binding(9) var<storage, read_write> save_slope: array<vec4f>; // [R, c_rows, n], GELU's derivative
@group(0) @binding(10) var<storage, read> slope: array<vec4f>; // [R, c_rows, n], what save_slope wrote
@group(0) @binding(11) var<storage, read> activated: array<vec4f>; // [R, c_rows, n], ReLU's output
@group(0) @binding(12) var<storage, read_write> dbias: array<vec4f>; // [R, groups, n]

@compute @workgroup_size(WORKGROUP)
fn rows(@builtin(global_invocation_id) id: vec3u) {
  let k4 = extents.k / 4u;
  let n4 = extents.n / 4u;
  let tiles_n = (n4 + TILE_N4 - 1u) / TILE_N4;
  let lane = id.x % 4u;
  let tile_index = id.x / 4u / tiles_n;
  if (tile_index >= extents.tile_count) {
    return;
  }
  let tile = tiles[id.z * (replica_stride(2u * extents.tile_count) / 2u) + tile_index];
  let group = tile.x;
  if (group >= extents.groups) {
    return;
  }
  let first = tile.y + lane * TILE_M;
  let end = offsets[id.z * replica_stride(extents.groups + 1u) + group + 1u];
  let col4 = id.x / 4u % tiles_n * TILE_N4;
  let base_slots = id.z * replica_stride(extents.slots);
  let base_a = id.z * replica_stride4(extents.a_rows * extents.k);
  let base_b = id.z * replica_stride4(extents.groups * extents.k * extents.n) + group * k4 * extents.n;
  let base_c = id.z * replica_stride4(extents.c_rows * extents.n);

  var b_col: array<u32, TILE_N4>;
  for (var j = 0u; j < TILE_N4; j++) {
    b_col[j] = min(col4 + j, n4 - 1u);
  }
  // Where the rows of `a` and `c` begin. The places of a tile follow each other.
  var slot: array<u32, TILE_M>;
  var a_row: array<u32, TILE_M>;
  var c_row: array<u32, TILE_M>;
  for (var i = 0u; i < TILE_M; i++) {
    let place = min(first + i, end - 1u);
    slot[i] = place;
    if (GATHER_A || SCATTER || SCALE) {
      slot[i] = order[base_slots + place];
    }
    a_row[i] = base_a + place * k4;
    if (GATHER_A) {
      a_row[i] = base_a + slot[i] / TOP_K * k4;
    }
    c_row[i] = base_c + place * n4;
    if (SCATTER) {
      c_row[i] = base_c + slot[i] * n4;
    }
  }
  var b_row: array<u32, TILE_N4>;
  for (var j = 0u; j < TILE_N4; j++) {
    b_row[j] = base_b + 4u * b_col[j] * k4;
  }

  var acc: array<vec4f, TILE_M * TILE_N4>;
  for (var at = 0u; at < extents.k; at += 4u) {
    var a_quad: array<vec4f, TILE_M>;
    for (var i = 0u; i < TILE_M; i++) {
      a_quad[i] = a[a_row[i] + at / 4u];
    }
    var b_quad: array<vec4f, 4u * TILE_N4>;
    for (var j = 0u; j < TILE_N4; j++) {
      for (var s = 0u; s < 4u; s++) {
        if (TRANSPOSE_B) {
          b_quad[4u * j + s] = b[b_row[j] + s * k4 + at / 4u];
        } else {
          b_quad[4u * j + s] = b[base_b + (at + s) * n4 + b_col[j]];
        }
      }
    }
    for (var s = 0u; s < 4u; s++) {
      var bk: array<vec4f, TILE_N4>;
      for (var j = 0u; j < TILE_N4; j++) {
        if (TRANSPOSE_B) {
          bk[j] = vec4f(b_quad[4u * j][s], b_quad[4u * j + 1u][s], b_quad[4u * j + 2u][s], b_quad[4u * j + 3u][s]);
        } else {
          bk[j] = b_quad[4u * j + s];
        }
      }
      for (var i = 0u; i < TILE_M; i++) {
        for (var j = 0u; j < TILE_N4; j++) {
          acc[i * TILE_N4 + j] = fma(vec4f(a_quad[i][s]), bk[j], acc[i * TILE_N4 + j]);
        }
      }
    }
  }

  for (var i = 0u; i < TILE_M; i++) {
    if (first + i < end) {
      var gate = 1.0;
      if (SCALE) {
        gate = gates[base_slots + slot[i]];
      }
      for (var j = 0u; j < TILE_N4; j++) {
        let at = c_row[i] + b_col[j];
        var value = acc[i * TILE_N4 + j];
        if (BIAS) {
          value += bias[id.z * replica_stride4(extents.groups * extents.n) + group * n4 + b_col[j]];
        }
        if (RELU) {
          value = select(value, vec4f(0.0), value < vec4f(0.0));
        }
        if (GELU) {
          let inner = gelu_gate(value);
          if (SAVE_SLOPE) {
            save_slope[at] = gelu_slope(value, inner);
          }
          value *= inner;
        }
        if (SCALE) {
          value *= gate;
        }
        if (RELU_GRADIENT) {
          value = select(vec4f(0.0), value, activated[at] > vec4f(0.0));
        }
        if (GELU_GRADIENT) {
          value *= slope[at];
        }
        c[at] = value;
      }
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn weights(@builtin(global_invocation_id) id: vec3u) {
  let m4 = extents.m / 4u;
  let n4 = extents.n / 4u;
  let tiles_n = (n4 + TILE_N4 - 1u) / TILE_N4;
  let tiles_m = (extents.m + 4u * TILE_M - 1u) / (4u * TILE_M);
  let lane = id.x % 4u;
  let tile = id.x / 4u;
  let group = tile / tiles_n / tiles_m;
  if (group >= extents.groups) {
    return;
  }
  let row = (tile / tiles_n % tiles_m * 4u + lane) * TILE_M;
  let col4 = tile % tiles_n * TILE_N4;
  let base_offsets = id.z * replica_stride(extents.groups + 1u) + group;
  let first = offsets[base_offsets];
  let end = offsets[base_offsets + 1u];
  let base_slots = id.z * replica_stride(extents.slots);
  let base_a = id.z * replica_stride4(extents.a_rows * extents.m);
  let base_b = id.z * replica_stride4(extents.b_rows * extents.n);

  var b_col: array<u32, TILE_N4>;
  for (var j = 0u; j < TILE_N4; j++) {
    b_col[j] = min(col4 + j, n4 - 1u);
  }
  var a_col: array<u32, TILE_M4>;
  for (var i = 0u; i < TILE_M4; i++) {
    a_col[i] = min(row / 4u + i, m4 - 1u);
  }
  var column_sum: array<vec4f, TILE_N4>;
  var acc: array<vec4f, TILE_M * TILE_N4>;
  for (var at = first; at < end; at += 4u) {
    var b_own: array<vec4f, TILE_N4>;
    var own_slot = 0u;
    if (SUBGROUP) {
      // One row of four; the neighbours have the others.
      let place = min(at + lane, end - 1u);
      own_slot = place;
      if (GATHER_A || GATHER_B) {
        own_slot = order[base_slots + place];
      }
      var b_at = base_b + place * n4;
      if (GATHER_B) {
        b_at = base_b + own_slot / TOP_K * n4;
      }
      var weight = select(0.0, 1.0, at + lane < end);
      if (SCALE) {
        weight *= gates[base_slots + own_slot];
      }
      for (var j = 0u; j < TILE_N4; j++) {
        b_own[j] = weight * b[b_at + b_col[j]];
      }
    }
    for (var s = 0u; s < 4u; s++) {
      let place = min(at + s, end - 1u);
      var slot = place;
      if (SUBGROUP) {
        slot = quadBroadcast(own_slot, s);
      } else {
        if (GATHER_A || GATHER_B) {
          slot = order[base_slots + place];
        }
      }
      var bk: array<vec4f, TILE_N4>;
      if (SUBGROUP) {
        for (var j = 0u; j < TILE_N4; j++) {
          bk[j] = quadBroadcast(b_own[j], s);
        }
      } else {
        var b_at = base_b + place * n4;
        if (GATHER_B) {
          b_at = base_b + slot / TOP_K * n4;
        }
        var weight = select(0.0, 1.0, at + s < end);
        if (SCALE) {
          weight *= gates[base_slots + slot];
        }
        for (var j = 0u; j < TILE_N4; j++) {
          bk[j] = weight * b[b_at + b_col[j]];
        }
      }
      if (BIAS_GRADIENT) {
        for (var j = 0u; j < TILE_N4; j++) {
          column_sum[j] += bk[j];
        }
      }
      var a_at = base_a + place * m4;
      if (GATHER_A) {
        a_at = base_a + slot / TOP_K * m4;
      }
      for (var i = 0u; i < TILE_M4; i++) {
        let ak = a[a_at + a_col[i]];
        for (var j = 0u; j < TILE_N4; j++) {
          acc[(4u * i + 0u) * TILE_N4 + j] = fma(vec4f(ak.x), bk[j], acc[(4u * i + 0u) * TILE_N4 + j]);
          acc[(4u * i + 1u) * TILE_N4 + j] = fma(vec4f(ak.y), bk[j], acc[(4u * i + 1u) * TILE_N4 + j]);
          acc[(4u * i + 2u) * TILE_N4 + j] = fma(vec4f(ak.z), bk[j], acc[(4u * i + 2u) * TILE_N4 + j]);
          acc[(4u * i + 3u) * TILE_N4 + j] = fma(vec4f(ak.w), bk[j], acc[(4u * i + 3u) * TILE_N4 + j]);
        }
      }
    }
  }

  if (row >= extents.m) {
    return;
  }
  let base_c = id.z * replica_stride4(extents.groups * extents.m * extents.n) + group * extents.m * n4;
  for (var i = 0u; i < TILE_M; i++) {
    for (var j = 0u; j < TILE_N4; j++) {
      c[base_c + (4u * a_col[i / 4u] + i % 4u) * n4 + b_col[j]] = acc[i * TILE_N4 + j];
    }
  }
  if (BIAS_GRADIENT) {
    if (row == 0u) {
      for (var j = 0u; j < TILE_N4; j++) {
        dbias[id.z * replica_stride4(extents.groups * extents.n) + group * n4 + b_col[j]] = column_sum[j];
      }
    }
  }
}
