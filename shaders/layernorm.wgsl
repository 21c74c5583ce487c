// Layer norm (Ba et al. 2016, arXiv 1607.06450):
//
//   y = h · weight + bias,  h = (x − mean) · rstd,  rstd = 1 / √(var + 1e-5)
//   dx = rstd · (g − mean(g) − h · mean(g · h)),  g = dy · weight
//   dweight = Σ_rows dy · h,  dbias = Σ_rows dy
//
// Shapes, for each replica: x, y [rows, cols], weight, bias [cols], moments [rows, 2] = mean, rstd; cols is a
// multiple of 4.
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
@group(0) @binding(3) var<storage, read> bias: array<vec4f>; // [R, cols]
@group(0) @binding(4) var<storage, read_write> y: array<vec4f>; // [R, rows, cols]
@group(0) @binding(5) var<storage, read_write> moments: array<vec2f>; // [R, rows, 2]
@group(0) @binding(6) var<storage, read> saved_moments: array<vec2f>; // [R, rows, 2]
@group(0) @binding(7) var<storage, read> dy: array<vec4f>; // [R, rows, cols]
@group(0) @binding(8) var<storage, read_write> dx: array<vec4f>; // [R, rows, cols]
@group(0) @binding(9) var<storage, read_write> dweight: array<vec4f>; // [R, cols]
@group(0) @binding(10) var<storage, read_write> dbias: array<vec4f>; // [R, cols]

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.rows) {
    return;
  }
  let cols4 = extents.cols / 4u;
  let base = id.z * replica_stride4(extents.rows * extents.cols) + id.x * cols4;
  let base_w = id.z * replica_stride4(extents.cols);
  var row: array<vec4f, KEPT>;
  var sum = vec4f(0.0);
  for (var i = 0u; i < KEPT; i++) {
    row[i] = x[base + i];
    sum += row[i];
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      sum += x[base + i];
    }
  }
  let mean = dot(sum, vec4f(1.0)) / f32(extents.cols);
  var squares = vec4f(0.0);
  for (var i = 0u; i < KEPT; i++) {
    row[i] -= mean;
    squares = fma(row[i], row[i], squares);
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      let centred = x[base + i] - mean;
      squares = fma(centred, centred, squares);
    }
  }
  let scale = 1.0 / sqrt(dot(squares, vec4f(1.0)) / f32(extents.cols) + 1e-5);
  for (var i = 0u; i < KEPT; i++) {
    y[base + i] = fma(row[i] * scale, weight[base_w + i], bias[base_w + i]);
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      y[base + i] = fma((x[base + i] - mean) * scale, weight[base_w + i], bias[base_w + i]);
    }
  }
  moments[id.z * replica_stride(2u * extents.rows) / 2u + id.x] = vec2f(mean, scale);
}

@compute @workgroup_size(WORKGROUP)
fn backward_input(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.rows) {
    return;
  }
  let cols4 = extents.cols / 4u;
  let base = id.z * replica_stride4(extents.rows * extents.cols) + id.x * cols4;
  let base_w = id.z * replica_stride4(extents.cols);
  let saved = saved_moments[id.z * replica_stride(2u * extents.rows) / 2u + id.x];
  var h: array<vec4f, KEPT>;
  var g: array<vec4f, KEPT>;
  var sum = vec4f(0.0);
  var products = vec4f(0.0);
  for (var i = 0u; i < KEPT; i++) {
    h[i] = (x[base + i] - saved.x) * saved.y;
    g[i] = dy[base + i] * weight[base_w + i];
    sum += g[i];
    products = fma(g[i], h[i], products);
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      let gradient = dy[base + i] * weight[base_w + i];
      sum += gradient;
      products = fma(gradient, (x[base + i] - saved.x) * saved.y, products);
    }
  }
  let mean_g = dot(sum, vec4f(1.0)) / f32(extents.cols);
  let mean_gh = dot(products, vec4f(1.0)) / f32(extents.cols);
  for (var i = 0u; i < KEPT; i++) {
    var gradient = saved.y * (g[i] - mean_g - h[i] * mean_gh);
    if (extents.accumulate_dx != 0u) {
      gradient += dx[base + i];
    }
    dx[base + i] = gradient;
  }
  if (LONGER) {
    for (var i = KEPT; i < cols4; i++) {
      let normed = (x[base + i] - saved.x) * saved.y;
      var gradient = saved.y * (dy[base + i] * weight[base_w + i] - mean_g - normed * mean_gh);
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
  let base_m = id.z * replica_stride(2u * extents.rows) / 2u;
  var sum = vec4f(0.0);
  var products = vec4f(0.0);
  for (var row = 0u; row < extents.rows; row++) {
    let saved = saved_moments[base_m + row];
    let gradient = dy[base + row * cols4];
    sum += gradient;
    products = fma(gradient, (x[base + row * cols4] - saved.x) * saved.y, products);
  }
  let at = id.z * replica_stride4(extents.cols) + id.x;
  dweight[at] = products;
  dbias[at] = sum;
}
