enable subgroups;

// Matrix product of rows with a small matrix, of which every invocation holds a panel in memory of its own:
//
//   c_i = f(a_i · op(b) + bias) ∘ act' · gate_i + residual_i
//
// Shapes, for each replica: a [rows, k], op(b) [k, n] (stored [n, k] with TRANSPOSE_B), c and residual [rows, n],
// bias [n]. k and n are multiples of 4·PANEL_K4 and 4·PANEL_N4. With GROUPED every row meets the matrix of its own
// group, as in grouped-matmul.wgsl: b [groups, k, n], bias [groups, n], rows in the order of route's places, and a row
// of `a` or `c` lies at its place, or, with GATHER, at the row of its slot, or, with SCATTER, at its slot.
//
// Dispatch: a workgroup of four invocations, which are one subgroup, takes CHUNK rows (of a tile, with GROUPED) and
// one panel's columns; each invocation computes every fourth row. x = (chunk, columns), the last fastest; z = replica.
//
// Where there is no GPU, an array that belongs to an invocation and is indexed by constants costs a tenth of a load
// from a buffer. So the panel is read once for CHUNK rows, a row of `a` once for each panel, and what remains are
// multiply-adds. Where k takes several panels, sums are taken up again from c; k goes upwards in any case, so the
// order of a sum is that of matmul.wgsl.
//
// includes: lib/layout.wgsl, lib/gelu.wgsl

const PANEL_K4 = 4u;
const PANEL_N4 = 4u;
// Panels along k.
const PANELS = 1u;
const CHUNK = 256u;
const TOP_K = 1u;
const GROUPED = false;
const GATHER = false;
const SCATTER = false;
const SCALE = false;
const TRANSPOSE_B = false;
const BIAS = false;
const RESIDUAL = false;
const ACCUMULATE = false;
const RELU = false;
const GELU = false;
const SAVE_SLOPE = false;
const RELU_GRADIENT = false;
const GELU_GRADIENT = false;

struct Extents {
  rows: u32,
  n: u32,
  k: u32,
  groups: u32,
  tile_count: u32,
  a_rows: u32,
  c_rows: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [R, a_rows, k]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [R, groups, k, n] or [R, groups, n, k]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>; // [R, c_rows, n]
@group(0) @binding(4) var<storage, read> bias: array<vec4f>; // [R, groups, n]
@group(0) @binding(5) var<storage, read> residual: array<vec4f>; // [R, rows, n]
@group(0) @binding(6) var<storage, read_write> save_slope: array<vec4f>; // [R, c_rows, n], GELU's derivative
@group(0) @binding(7) var<storage, read> slope: array<vec4f>; // [R, c_rows, n], what save_slope wrote
@group(0) @binding(8) var<storage, read> activated: array<vec4f>; // [R, c_rows, n], ReLU's output
@group(0) @binding(9) var<storage, read> tiles: array<vec2u>; // [R, tile_count, 2]
@group(0) @binding(10) var<storage, read> offsets: array<u32>; // [R, groups + 1]
@group(0) @binding(11) var<storage, read> order: array<u32>; // [R, rows]
@group(0) @binding(12) var<storage, read> gates: array<f32>; // [R, rows]

// At module scope, where it stays an array: the panel's rows one after the other.
var<private> panel: array<vec4f, 4u * PANEL_K4 * PANEL_N4>;

// What each of the four has.
fn of_four(own: f32) -> vec4f {
  return vec4f(
    quadBroadcast(own, 0u),
    quadBroadcast(own, 1u),
    quadBroadcast(own, 2u),
    quadBroadcast(own, 3u),
  );
}

// What is done to a finished sum before it is stored at `at`.
fn finish(sum: vec4f, at: u32, column: u32, gate: f32) -> vec4f {
  var value = sum;
  if (BIAS) {
    value += bias[column];
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
  if (RESIDUAL) {
    value += residual[at];
  }
  return value;
}

@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let k4 = extents.k / 4u;
  let n4 = extents.n / 4u;
  let columns = n4 / PANEL_N4;
  let tile_index = id.x / columns;
  let col4 = id.x % columns * PANEL_N4;
  var first = tile_index * CHUNK;
  var end = min(first + CHUNK, extents.rows);
  var group = 0u;
  if (GROUPED) {
    let tile = tiles[id.z * (replica_stride(2u * extents.tile_count) / 2u) + tile_index];
    group = tile.x;
    if (group >= extents.groups) {
      return;
    }
    first = tile.y;
    end = min(first + CHUNK, offsets[id.z * replica_stride(extents.groups + 1u) + group + 1u]);
  }
  let base_slots = id.z * replica_stride(extents.rows);
  let base_a = id.z * replica_stride4(extents.a_rows * extents.k);
  let base_b = id.z * replica_stride4(extents.groups * extents.k * extents.n) + group * k4 * extents.n;
  let base_c = id.z * replica_stride4(extents.c_rows * extents.n) + col4;
  let base_bias = id.z * replica_stride4(extents.groups * extents.n) + group * n4 + col4;

  var panel_index = 0u;
  while (panel_index < PANELS) {
    let at_k4 = panel_index * PANEL_K4;
    // Each of the four loads one row (or column) of four, and the others take it from there.
    var kk = 0u;
    while (kk < PANEL_K4) {
      var j = 0u;
      while (j < PANEL_N4) {
        let to = 4u * kk * PANEL_N4 + j;
        if (TRANSPOSE_B) {
          let own = b[base_b + (4u * (col4 + j) + lane) * k4 + at_k4 + kk];
          panel[to] = of_four(own.x);
          panel[to + PANEL_N4] = of_four(own.y);
          panel[to + 2u * PANEL_N4] = of_four(own.z);
          panel[to + 3u * PANEL_N4] = of_four(own.w);
        } else {
          let own = b[base_b + (4u * (at_k4 + kk) + lane) * n4 + col4 + j];
          panel[to] = quadBroadcast(own, 0u);
          panel[to + PANEL_N4] = quadBroadcast(own, 1u);
          panel[to + 2u * PANEL_N4] = quadBroadcast(own, 2u);
          panel[to + 3u * PANEL_N4] = quadBroadcast(own, 3u);
        }
        j++;
      }
      kk++;
    }

    var turn = first;
    while (turn < end) {
      let place = turn + lane;
      if (place < end) {
        var slot = place;
        if (GATHER || SCATTER || SCALE) {
          slot = order[base_slots + place];
        }
        var gate = 1.0;
        if (SCALE) {
          gate = gates[base_slots + slot];
        }
        var a_at = base_a + place * k4 + at_k4;
        if (GATHER) {
          a_at = base_a + slot / TOP_K * k4 + at_k4;
        }
        var c_at = base_c + place * n4;
        if (SCATTER) {
          c_at = base_c + slot * n4;
        }
        var row: array<vec4f, PANEL_K4>;
        for (var i = 0u; i < PANEL_K4; i++) {
          row[i] = a[a_at + i];
        }
        for (var j = 0u; j < PANEL_N4; j++) {
          var sum = vec4f(0.0);
          if (ACCUMULATE) {
            sum = c[c_at + j];
          } else {
            if (PANELS > 1u) {
              if (panel_index > 0u) {
                sum = c[c_at + j];
              }
            }
          }
          for (var i = 0u; i < PANEL_K4; i++) {
            for (var s = 0u; s < 4u; s++) {
              sum = fma(vec4f(row[i][s]), panel[(4u * i + s) * PANEL_N4 + j], sum);
            }
          }
          if (PANELS > 1u) {
            if (panel_index + 1u == PANELS) {
              sum = finish(sum, c_at + j, base_bias + j, gate);
            }
          } else {
            sum = finish(sum, c_at + j, base_bias + j, gate);
          }
          c[c_at + j] = sum;
        }
      }
      turn += 4u;
    }
    panel_index++;
  }
}
