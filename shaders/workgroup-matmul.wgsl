// Matrix product with its fused neighbours on tiles in workgroup memory. The same formulas as matmul.wgsl:
//
//   c = f(op(a) · op(b) + bias) + residual        forward:  y  = act(x·W + bias) + residual
//   c = (op(a) · op(b)) ∘ act'                    backward: dx = (dy·Wᵀ) ∘ act', dW = xᵀ·dy, dbias = Σ dy
//
// Shapes, for each replica: op(a) [m, k], op(b) [k, n], c [m, n], row-major. `a` is stored [k, m] when
// TRANSPOSE_A, `b` is stored [n, k] when TRANSPOSE_B. n is a multiple of 4, and so is every extent that runs along
// a row of `a` or `b`; the others may be anything.
//
// Dispatch of `main`: one workgroup computes a tile of 4·LANES_M × 4·LANES_N outputs, each invocation 4 × 4 of them in
// registers. It goes along k by TILE_K: all invocations together load that much of both operands, wait, multiply from
// workgroup memory, wait. x = (part of k, row tile, column tile), the last fastest; z = replica.
//
// With SPLIT k is cut into `parts` of `part` steps, so that a long sum with few outputs is shared out among more
// workgroups: each writes its part's sums (the column sums as one row more), and `sum` adds the parts up in their order.
// Dispatch of `sum`: x = vec4 of outputs, z = replica.
//
// Edges: what lies beyond m, n or k is zero in workgroup memory, and no output beyond m or n is stored.
//
// includes: lib/layout.wgsl, lib/gelu.wgsl

const LANES_M = 16u;
const LANES_N = 16u;
const WORKGROUP = 256u; // LANES_M · LANES_N
const TILE_K4 = 4u;
const TILE_K = 4u * TILE_K4;
// vec4s from one row of op(a) in workgroup memory to the next; one more than needed, so that rows share no banks.
const LEFT_STRIDE = TILE_K4 + 1u;
const LEFT_LOADS = TILE_K / LANES_N;
const RIGHT_LOADS = TILE_K / LANES_M;
const SPLIT = false;
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
  part: u32,
  parts: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> a: array<vec4f>; // [R, m, k] or [R, k, m]
@group(0) @binding(2) var<storage, read> b: array<vec4f>; // [R, k, n] or [R, n, k]
@group(0) @binding(3) var<storage, read_write> c: array<vec4f>; // [R, m, n]; of `main` with SPLIT what `sum` reads
@group(0) @binding(4) var<storage, read> bias: array<vec4f>; // [R, n]
@group(0) @binding(5) var<storage, read> residual: array<vec4f>; // [R, m, n]
@group(0) @binding(6) var<storage, read_write> save_slope: array<vec4f>; // [R, m, n], GELU's derivative
@group(0) @binding(7) var<storage, read> slope: array<vec4f>; // [R, m, n], what save_slope wrote
@group(0) @binding(8) var<storage, read_write> dbias: array<vec4f>; // [R, n]
@group(0) @binding(9) var<storage, read> activated: array<vec4f>; // [R, m, n], ReLU's output
@group(0) @binding(10) var<storage, read> pieces: array<vec4f>; // [R, parts, m, n], or m + 1 with BIAS_GRADIENT

// Rows of op(a), four steps of k in a vec4; with TRANSPOSE_A steps of k, four rows in a vec4.
var<workgroup> left: array<vec4f, 4u * LANES_M * LEFT_STRIDE>;
// Steps of k, four columns of op(b) in a vec4.
var<workgroup> right: array<vec4f, TILE_K * LANES_N>;

/// Rows of what one part of k makes.
fn part_rows() -> u32 {
  if (BIAS_GRADIENT) {
    return extents.m + 1u;
  }
  return extents.m;
}

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let m = extents.m;
  let k = extents.k;
  let n4 = extents.n / 4u;
  let tiles_n = (n4 + LANES_N - 1u) / LANES_N;
  let tiles = (m + 4u * LANES_M - 1u) / (4u * LANES_M) * tiles_n;
  let part_index = group.x / tiles;
  let row = group.x % tiles / tiles_n * 4u * LANES_M;
  let col4 = group.x % tiles_n * LANES_N;
  let lane_m = lane / LANES_N;
  let lane_n = lane % LANES_N;
  let base_a = group.z * replica_stride4(m * k);
  let base_b = group.z * replica_stride4(k * extents.n);
  let begin = part_index * extents.part;
  let end = min(begin + extents.part, k);

  var acc: array<vec4f, 4>;
  var column_sum = vec4f(0.0);
  for (var at = begin; at < end; at += TILE_K) {
    for (var i = 0u; i < LEFT_LOADS; i++) {
      let cell = lane + i * WORKGROUP;
      var value = vec4f(0.0);
      if (TRANSPOSE_A) {
        let step_k = at + cell / LANES_M;
        let row4 = row / 4u + cell % LANES_M;
        if (step_k < end && row4 < m / 4u) {
          value = a[base_a + step_k * (m / 4u) + row4];
        }
        left[cell] = value;
      } else {
        let step_k4 = at / 4u + cell % TILE_K4;
        let own_row = row + cell / TILE_K4;
        if (step_k4 < end / 4u && own_row < m) {
          value = a[base_a + own_row * (k / 4u) + step_k4];
        }
        left[cell / TILE_K4 * LEFT_STRIDE + cell % TILE_K4] = value;
      }
    }
    if (TRANSPOSE_B) {
      // Four columns with four steps each, turned on the way.
      let step_k4 = at / 4u + lane % TILE_K4;
      let own_col4 = col4 + lane / TILE_K4;
      if (lane < TILE_K4 * LANES_N) {
        var columns: array<vec4f, 4>;
        for (var j = 0u; j < 4u; j++) {
          columns[j] = vec4f(0.0);
          if (step_k4 < end / 4u && own_col4 < n4) {
            columns[j] = b[base_b + (4u * own_col4 + j) * (k / 4u) + step_k4];
          }
        }
        for (var s = 0u; s < 4u; s++) {
          right[(4u * (lane % TILE_K4) + s) * LANES_N + lane / TILE_K4] =
            vec4f(columns[0][s], columns[1][s], columns[2][s], columns[3][s]);
        }
      }
    } else {
      for (var i = 0u; i < RIGHT_LOADS; i++) {
        let cell = lane + i * WORKGROUP;
        let step_k = at + cell / LANES_N;
        let own_col4 = col4 + cell % LANES_N;
        var value = vec4f(0.0);
        if (step_k < end && own_col4 < n4) {
          value = b[base_b + step_k * n4 + own_col4];
        }
        right[cell] = value;
      }
    }
    workgroupBarrier();
    // Written out, all the quads of a tile would take twice as long to compile and run no faster.
    let quads = min(TILE_K4, (end - at + 3u) / 4u);
    for (var quad = 0u; quad < quads; quad++) {
      var a_quad: array<vec4f, 4>;
      if (!TRANSPOSE_A) {
        for (var i = 0u; i < 4u; i++) {
          a_quad[i] = left[(4u * lane_m + i) * LEFT_STRIDE + quad];
        }
      }
      for (var s = 0u; s < 4u; s++) {
        let bk = right[(4u * quad + s) * LANES_N + lane_n];
        var ak = vec4f(0.0);
        if (TRANSPOSE_A) {
          ak = left[(4u * quad + s) * LANES_M + lane_m];
        } else {
          ak = vec4f(a_quad[0][s], a_quad[1][s], a_quad[2][s], a_quad[3][s]);
        }
        acc[0] = fma(vec4f(ak.x), bk, acc[0]);
        acc[1] = fma(vec4f(ak.y), bk, acc[1]);
        acc[2] = fma(vec4f(ak.z), bk, acc[2]);
        acc[3] = fma(vec4f(ak.w), bk, acc[3]);
      }
    }
    if (BIAS_GRADIENT) {
      // Steps of k are shared out among those who have the same columns.
      for (var i = 0u; i < RIGHT_LOADS; i++) {
        column_sum += right[lane + i * WORKGROUP];
      }
    }
    workgroupBarrier();
  }

  let rows = part_rows();
  var base_c = group.z * replica_stride4(m * extents.n);
  if (SPLIT) {
    base_c = group.z * replica_stride4(extents.parts * rows * extents.n) + part_index * rows * n4;
  }
  let column = col4 + lane_n;
  if (BIAS_GRADIENT) {
    right[lane] = column_sum;
    workgroupBarrier();
    if (row + lane_m == 0u && column < n4) {
      var total = vec4f(0.0);
      for (var i = 0u; i < LANES_M; i++) {
        total += right[i * LANES_N + lane_n];
      }
      if (SPLIT) {
        c[base_c + m * n4 + column] = total;
      } else {
        dbias[group.z * replica_stride4(extents.n) + column] = total;
      }
    }
  }
  if (column >= n4) {
    return;
  }
  var offset = vec4f(0.0);
  if (BIAS) {
    offset = bias[group.z * replica_stride4(extents.n) + column];
  }
  for (var i = 0u; i < 4u; i++) {
    let own_row = row + 4u * lane_m + i;
    if (own_row < m) {
      let at = base_c + own_row * n4 + column;
      var value = acc[i];
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
      if (ACCUMULATE) {
        value += c[at];
      }
      c[at] = value;
    }
  }
}

@compute @workgroup_size(64)
fn sum(@builtin(global_invocation_id) id: vec3u) {
  let n4 = extents.n / 4u;
  let size = part_rows() * n4;
  if (id.x >= size) {
    return;
  }
  let base = id.z * replica_stride4(extents.parts * part_rows() * extents.n);
  var total = vec4f(0.0);
  for (var part = 0u; part < extents.parts; part++) {
    total += pieces[base + part * size + id.x];
  }
  if (BIAS_GRADIENT) {
    if (id.x >= extents.m * n4) {
      dbias[id.z * replica_stride4(extents.n) + id.x - extents.m * n4] = total;
      return;
    }
  }
  let at = id.z * replica_stride4(extents.m * extents.n) + id.x;
  if (ACCUMULATE) {
    total += c[at];
  }
  c[at] = total;
}
