enable subgroups;

// Matrix product with its fused neighbours, one operand transposed or none:
//
//   c = f(op(a) · op(b) + bias) + residual        forward:  y  = act(x·W + bias) + residual
//   c = (op(a) · op(b)) ∘ act'                    backward: dx = (dy·Wᵀ) ∘ act', dW = xᵀ·dy, dbias = Σ dy
//
// Shapes, for each replica: op(a) [m, k], op(b) [k, n], c [m, n], row-major. `a` is stored [k, m] when
// TRANSPOSE_A, `b` is stored [n, k] when TRANSPOSE_B. n is a multiple of 4, and so is every extent that runs along
// a row of `a` or `b`; the others may be anything.
//
// Dispatch: one invocation computes a tile of TILE_M × 4·TILE_N4 outputs in registers, without barriers; four
// neighbours take tiles one below the other, so that they read the same columns. x = (group of four row tiles, column
// tile, which of the four), the last fastest; z = replica. k goes by fours, written out. With SUBGROUP, where a subgroup
// is just those four neighbours and `b` is not transposed, each of them loads one of four rows of `b` and the others
// take it from there: a load costs ten times an exchange.
//
// Edges: a tile that reaches beyond m or n repeats the last row or column, and stores the same numbers to the same
// place again. That is cheaper than a branch around every store; a tile wholly beyond m stores nothing. Rows of op(b)
// beyond k count as zero. With ACCUMULATE the tile starts from c.
//
// includes: lib/layout.wgsl, lib/gelu.wgsl

const TILE_M = 8u;
const TILE_N4 = 2u;
const TILE_M4 = TILE_M / 4u;
const WORKGROUP = 16u;
const SUBGROUP = false;
const TRANSPOSE_A = false;
const TRANSPOSE_B = false;
const BIAS = false;
const BIAS_GRADIENT = false;
const RESIDUAL = false;
const ACCUMULATE = false;
const RELU = false;
const GELU = false;
const SAVE_SLOPE = false;
const RELU_GRADIENT = false;
const GELU_GRADIENT = false;

struct Extents {
  m: u32,
  n: u32,
  k: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [R, m, k] or [R, k, m]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [R, k, n] or [R, n, k]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>; // [R, m, n]
@group(0) @binding(4) var<storage, read> bias: array<vec4f>; // [R, n]
@group(0) @binding(5) var<storage, read> residual: array<vec4f>; // [R, m, n]
@group(0) @binding(6) var<storage, read_write> save_slope: array<vec4f>; // [R, m, n], GELU's derivative
@group(0) @binding(7) var<storage, read> slope: array<vec4f>; // [R, m, n], what save_slope wrote
@group(0) @binding(9) var<storage, read> activated: array<vec4f>; // [R, m, n], ReLU's output
@group(0) @binding(8) var<storage, read_write> dbias: array<vec4f>; // [R, n]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let m = extents.m;
  let k = extents.k;
  let n4 = extents.n / 4u;
  let tiles_n = (n4 + TILE_N4 - 1u) / TILE_N4;
  let lane = id.x % 4u;
  if (id.x / 4u / tiles_n * 4u * TILE_M >= m) {
    return;
  }
  let row = (id.x / 4u / tiles_n * 4u + lane) * TILE_M;
  let col4 = id.x / 4u % tiles_n * TILE_N4;
  let base_a = id.z * replica_stride4(m * k);
  let base_b = id.z * replica_stride4(k * extents.n);
  let base_c = id.z * replica_stride4(m * extents.n);
  let base_n = id.z * replica_stride4(extents.n);

  // Columns beyond the edge are the last one again, and so are rows.
  var b_col: array<u32, TILE_N4>;
  for (var j = 0u; j < TILE_N4; j++) {
    b_col[j] = min(col4 + j, n4 - 1u);
  }
  var acc: array<vec4f, TILE_M * TILE_N4>;
  if (ACCUMULATE) {
    for (var i = 0u; i < TILE_M; i++) {
      for (var j = 0u; j < TILE_N4; j++) {
        var out_row = min(row + i, m - 1u);
        if (TRANSPOSE_A) {
          out_row = min(row + (i & ~3u), m - 4u) + (i & 3u);
        }
        acc[i * TILE_N4 + j] = c[base_c + out_row * n4 + b_col[j]];
      }
    }
  }
  var column_sum: array<vec4f, TILE_N4>;
  // Where each row of op(a) begins, and with TRANSPOSE_B each column of op(b) that this invocation reads.
  var a_row: array<u32, TILE_M>;
  for (var i = 0u; i < TILE_M; i++) {
    if (TRANSPOSE_A) {
      a_row[i] = base_a + min(row / 4u + i / 4u, m / 4u - 1u);
    } else {
      a_row[i] = base_a + min(row + i, m - 1u) * (k / 4u);
    }
  }
  var b_row: array<u32, TILE_N4>;
  for (var j = 0u; j < TILE_N4; j++) {
    b_row[j] = base_b + (4u * b_col[j]) * (k / 4u);
  }

  for (var at = 0u; at < k; at += 4u) {
    // Four steps of what runs along k in memory: rows of op(a), columns of op(b).
    var a_quad: array<vec4f, TILE_M>;
    if (!TRANSPOSE_A) {
      for (var i = 0u; i < TILE_M; i++) {
        a_quad[i] = a[a_row[i] + at / 4u];
      }
    }
    var b_quad: array<vec4f, 4u * TILE_N4>;
    if (SUBGROUP) {
      for (var j = 0u; j < TILE_N4; j++) {
        b_quad[j] = select(vec4f(0.0), b[base_b + min(at + lane, k - 1u) * n4 + b_col[j]], at + lane < k);
      }
    }
    if (TRANSPOSE_B) {
      for (var j = 0u; j < TILE_N4; j++) {
        for (var s = 0u; s < 4u; s++) {
          b_quad[4u * j + s] = b[b_row[j] + s * (k / 4u) + at / 4u];
        }
      }
    }
    // One outer product of a column of op(a) and a row of op(b) after the other.
    for (var s = 0u; s < 4u; s++) {
      let step_k = min(at + s, k - 1u);
      var bk: array<vec4f, TILE_N4>;
      for (var j = 0u; j < TILE_N4; j++) {
        if (TRANSPOSE_B) {
          bk[j] = vec4f(b_quad[4u * j][s], b_quad[4u * j + 1u][s], b_quad[4u * j + 2u][s], b_quad[4u * j + 3u][s]);
        } else {
          if (SUBGROUP) {
            bk[j] = quadBroadcast(b_quad[j], s);
          } else {
            bk[j] = select(vec4f(0.0), b[base_b + step_k * n4 + b_col[j]], at + s < k);
          }
        }
        if (BIAS_GRADIENT) {
          column_sum[j] += bk[j];
        }
      }
      for (var i = 0u; i < TILE_M4; i++) {
        var ak = vec4f(0.0);
        if (TRANSPOSE_A) {
          ak = a[a_row[4u * i] + step_k * (m / 4u)];
        } else {
          ak = vec4f(a_quad[4u * i][s], a_quad[4u * i + 1u][s], a_quad[4u * i + 2u][s], a_quad[4u * i + 3u][s]);
        }
        for (var j = 0u; j < TILE_N4; j++) {
          acc[(4u * i + 0u) * TILE_N4 + j] = fma(vec4f(ak.x), bk[j], acc[(4u * i + 0u) * TILE_N4 + j]);
          acc[(4u * i + 1u) * TILE_N4 + j] = fma(vec4f(ak.y), bk[j], acc[(4u * i + 1u) * TILE_N4 + j]);
          acc[(4u * i + 2u) * TILE_N4 + j] = fma(vec4f(ak.z), bk[j], acc[(4u * i + 2u) * TILE_N4 + j]);
          acc[(4u * i + 3u) * TILE_N4 + j] = fma(vec4f(ak.w), bk[j], acc[(4u * i + 3u) * TILE_N4 + j]);
        }
      }
    }
  }

  if (row >= m) {
    return;
  }
  for (var j = 0u; j < TILE_N4; j++) {
    let column = b_col[j];
    var offset = vec4f(0.0);
    if (BIAS) {
      offset = bias[base_n + column];
    }
    for (var i = 0u; i < TILE_M; i++) {
      var out_row = min(row + i, m - 1u);
      if (TRANSPOSE_A) {
        out_row = min(row + (i & ~3u), m - 4u) + (i & 3u);
      }
      let at = base_c + out_row * n4 + column;
      var value = acc[i * TILE_N4 + j];
      if (BIAS) {
        value += offset;
      }
      if (RELU) {
        value = select(value, vec4f(0.0), value < vec4f(0.0));
      }
      if (GELU) {
        let gate = gelu_gate(value);
        if (SAVE_SLOPE) {
          save_slope[at] = gelu_slope(value, gate);
        }
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
      c[at] = value;
    }
  }
  if (BIAS_GRADIENT) {
    if (row == 0u) {
      for (var j = 0u; j < TILE_N4; j++) {
        dbias[base_n + b_col[j]] = column_sum[j];
      }
    }
  }
}
