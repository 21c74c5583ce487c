// The weights of causal attention, to be looked at: attention.wgsl sums with them and never stores them.
//
//   s_ij = q_i · k_j / √w and p_ij = exp(s_ij − m_i) / Σ_j exp(s_ij − m_i) for j ≤ i, m_i = max_j s_ij;  p_ij = 0 for j > i
//
// Shapes, for each replica: qkv [B·T, 3·D], its columns q | k | v, each [H, w]; weights [S, H, T, T] of the first S of
// the B sequences, a query a row; w = D / H = 4·head4.
// Dispatch: one invocation a query of one head of one sequence, x = (sequence, head, query) / WORKGROUP, queries
// fastest; z = replica. An invocation keeps its scores in its row of the output, so any T will do.
// includes: lib/layout.wgsl

const WORKGROUP = 32u;

struct Extents {
  batch: u32, // B
  sequences: u32, // S
  seq_len: u32, // T
  heads: u32, // H
  head4: u32, // vec4s of a head
  scale: f32, // 1 / √w
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> qkv: array<vec4f>; // [R, B·T, 3·D]
@group(0) @binding(2) var<storage, read_write> weights: array<f32>; // [R, S, H, T, T]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let seq_len = extents.seq_len;
  let heads = extents.heads;
  if (id.x >= extents.sequences * heads * seq_len) {
    return;
  }
  let query = id.x % seq_len;
  let head = id.x / seq_len % heads;
  let sequence = id.x / seq_len / heads;
  let d4 = heads * extents.head4;
  let replica = id.z * replica_stride4(extents.batch * seq_len * 12u * d4);
  let first = replica + sequence * seq_len * 3u * d4 + head * extents.head4;
  let row = id.z * replica_stride(extents.sequences * heads * seq_len * seq_len) + id.x * seq_len;

  var largest = -3.0e38;
  for (var j = 0u; j <= query; j++) {
    var products = vec4f(0.0);
    for (var c = 0u; c < extents.head4; c++) {
      products = fma(qkv[first + query * 3u * d4 + c], qkv[first + j * 3u * d4 + d4 + c], products);
    }
    let score = dot(products, vec4f(1.0)) * extents.scale;
    weights[row + j] = score;
    largest = max(largest, score);
  }
  var total = 0.0;
  for (var j = 0u; j <= query; j++) {
    let p = exp(weights[row + j] - largest);
    weights[row + j] = p;
    total += p;
  }
  for (var j = 0u; j < seq_len; j++) {
    if (j <= query) {
      weights[row + j] /= total;
    } else {
      weights[row + j] = 0.0;
    }
  }
}
