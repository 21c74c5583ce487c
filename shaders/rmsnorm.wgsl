// Root-mean-square norm (Zhang & Sennrich 2019, arXiv 1910.07467):
//
//   y = x · rstd · weight,  rstd = 1 / √(mean(x²) + 1e-5)
//   dx = rstd · (g − x · rstd² · mean(g · x)),  g = dy · weight;   dweight = Σ_rows dy · x · rstd
//
// Shapes, for each replica: x, y [rows, cols], weight [cols], rstd [rows]; cols is a multiple of 4.
// Dispatch: forward and backward_input one invocation a row (x), which keeps the row's first KEPT vec4s in registers;
// backward_weight one a vec4 column (x); z = replica.
//
// includes: lib/layout.wgsl

const WORKGROUP = 16u;
const KEPT = 4u; // at most cols / 4
const LONGER = true; // whether rows are longer than that: loops cost even where nothing is left for them

struct Extents {
  rows: u32,
  cols: u32,
  accumulate_dx: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [R, rows, cols]
@group(0) @binding(2) var<storage, read> weight: array<vec4f>; // [R, cols]
@group(0) @binding(3) var<storage, read_write> y: array<vec4f>; // [R, rows, cols]
@group(0) @binding(4) var<storage, read_write> rstd: array<f32>; // [R, rows]
@group(0) @binding(5) var<storage, read> saved_rstd: array<f32>; // [R, rows]
@group(0) @binding(6) var<storage, read> dy: array<vec4f>; // [R, rows, cols]
@group(0) @binding(7) var<storage, read_write> dx: array<vec4f>; // [R, rows, cols]
@group(0) @binding(8) var<storage, read_write> dweight: array<vec4f>; // [R, cols]

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.rows) {
    return;
  }
  let cols4 = extents.cols / 4u;
  let base = id.z * replica_stride4(extents.rows * extents.cols) + id.x * cols4;
  let base_w = id.z * replica_stride4(extents.cols);
  var row: array<vec4f, KEPT>;
  var squares = vec4f(0.0);
  for (var i = 0u; i < KEPT; i++) {
    row[i] = x[base + i];
    squares = fma(row[i], row[i], squares);
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      let value = x[base + i];
      squares = fma(value, value, squares);
    }
  }
  let scale = 1.0 / sqrt(dot(squares, vec4f(1.0)) / f32(extents.cols) + 1e-5);
  for (var i = 0u; i < KEPT; i++) {
    y[base + i] = row[i] * scale * weight[base_w + i];
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      y[base + i] = x[base + i] * scale * weight[base_w + i];
    }
  }
  rstd[id.z * replica_stride(extents.rows) + id.x] = scale;
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.rows) {
    return;
  }
  let cols4 = extents.cols / 4u;
  let base = id.z * replica_stride4(extents.rows * extents.cols) + id.x * cols4;
  let base_w = id.z * replica_stride4(extents.cols);
  let scale = saved_rstd[id.z * replica_stride(extents.rows) + id.x];
  var row: array<vec4f, KEPT>;
  var g: array<vec4f, KEPT>;
  var products = vec4f(0.0);
  for (var i = 0u; i < KEPT; i++) {
    row[i] = x[base + i];
    g[i] = dy[base + i] * weight[base_w + i];
    products = fma(g[i], row[i], products);
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      products = fma(dy[base + i] * weight[base_w + i], x[base + i], products);
    }
  }
  let projection = dot(products, vec4f(1.0)) / f32(extents.cols) * scale * scale;
  for (var i = 0u; i < KEPT; i++) {
    var gradient = scale * (g[i] - row[i] * projection);
    if (extents.accumulate_dx != 0u) {
      gradient += dx[base + i];
    }
    dx[base + i] = gradient;
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      var gradient = scale * (dy[base + i] * weight[base_w + i] - x[base + i] * projection);
      if (extents.accumulate_dx != 0u) {
        gradient += dx[base + i];
      }
      dx[base + i] = gradient;
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn backward_weight(@builtin(global_invocation_id) id: vec3u) {
  let cols4 = extents.cols / 4u;
  if (id.x >= cols4) {
    return;
  }
  let base = id.z * replica_stride4(extents.rows * extents.cols) + id.x;
  let base_r = id.z * replica_stride(extents.rows);
  var sum = vec4f(0.0);
  for (var row = 0u; row < extents.rows; row++) {
    sum = fma(dy[base + row * cols4], x[base + row * cols4] * saved_rstd[base_r + row], sum);
  }
  dweight[id.z * replica_stride4(extents.cols) + id.x] = sum;
}
