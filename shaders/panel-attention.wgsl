// Causal multi-head attention over sequences so short that one invocation keeps all keys and values of a head of a
// sequence in memory of its own. The formulas are those of attention.wgsl.
//
// Shapes, for each replica: qkv [B·T, 3·D], its columns q | k | v, each [H, w]; y [B·T, D]; lse [B·T, H];
// w = D / H = 4·HEAD4. T ≤ 8·BLOCKS.
//
// Dispatch: one invocation for a head of a sequence; x = (sequence, head), heads fastest; z = replica.
//
// Where there is no GPU, an array that belongs to an invocation and is indexed by constants costs a tenth of a load
// from a buffer: so every number is loaded once. Forward, queries follow one another and keys are written out, in
// blocks of eight; backward, keys follow one another and queries are written out, because of what is summed up in
// memory there is then only dq, and a store into memory is a load, a blend and a store. One dispatch makes all three
// gradients. A branch that is not taken costs what it holds, but a loop that ends early does not: so the sequence is
// gone through in halves, and what has no part in a half is not in its text.
//
// includes: lib/layout.wgsl

const HEAD4 = 2u;
const BLOCKS = 4u;
const WORKGROUP = 4u;
const MINUS_INFINITY = -3.0e38; // keys behind the query; exp of it is 0

struct Extents {
  batch: u32,
  seq_len: u32,
  heads: u32,
  scale: f32, // 1 / √w
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> qkv: array<vec4f>; // [R, B·T, 3·D]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [R, B·T, D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>; // [R, B·T, H]
@group(0) @binding(4) var<storage, read> saved_y: array<vec4f>; // [R, B·T, D]
@group(0) @binding(5) var<storage, read> saved_lse: array<f32>; // [R, B·T, H]
@group(0) @binding(6) var<storage, read> dy: array<vec4f>; // [R, B·T, D]
@group(0) @binding(7) var<storage, read_write> dqkv: array<vec4f>; // [R, B·T, 3·D]

// At module scope, where they stay arrays; zero beyond the sequence. Forward:
var<private> keys: array<vec4f, 8u * BLOCKS * HEAD4>;
var<private> values: array<vec4f, 8u * BLOCKS * HEAD4>;
// Backward; inner is dy · y.
var<private> queries: array<vec4f, 8u * BLOCKS * HEAD4>;
var<private> gradients: array<vec4f, 8u * BLOCKS * HEAD4>;
var<private> dqueries: array<vec4f, 8u * BLOCKS * HEAD4>;
var<private> norm: array<f32, 8u * BLOCKS>;
var<private> inner: array<f32, 8u * BLOCKS>;

struct Place {
  valid: bool,
  qkv: u32, // vec4 of column 0 of this head's q, row 0 of the sequence
  y: u32, // vec4 of this head's y, row 0 of the sequence
  statistic: u32, // lse of this head, row 0 of the sequence
}

// Where the head of invocation `index` of replica `replica` lies.
fn place(index: u32, replica: u32) -> Place {
  let head = index % extents.heads;
  let sequence = index / extents.heads;
  let rows = extents.batch * extents.seq_len;
  let d4 = extents.heads * HEAD4;
  let row = sequence * extents.seq_len;
  var p: Place;
  p.valid = sequence < extents.batch;
  p.qkv = replica * replica_stride4(rows * 12u * d4) + row * 3u * d4 + head * HEAD4;
  p.y = replica * replica_stride4(rows * 4u * d4) + row * d4 + head * HEAD4;
  p.statistic = replica * replica_stride(rows * extents.heads) + row * extents.heads + head;
  return p;
}

fn read_keys(at: u32, d4: u32) {
  var j = 0u;
  while (j < extents.seq_len) {
    for (var c = 0u; c < HEAD4; c++) {
      keys[j * HEAD4 + c] = qkv[at + (3u * j + 1u) * d4 + c];
      values[j * HEAD4 + c] = qkv[at + (3u * j + 2u) * d4 + c];
    }
    j++;
  }
}

fn read_queries(at: Place, d4: u32) {
  var i = 0u;
  while (i < extents.seq_len) {
    var products = vec4f(0.0);
    for (var c = 0u; c < HEAD4; c++) {
      let g = dy[at.y + i * d4 + c];
      queries[i * HEAD4 + c] = qkv[at.qkv + i * 3u * d4 + c] * extents.scale;
      gradients[i * HEAD4 + c] = g;
      products = fma(g, saved_y[at.y + i * d4 + c], products);
    }
    inner[i] = dot(products, vec4f(1.0));
    norm[i] = saved_lse[at.statistic + i * extents.heads];
    i++;
  }
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let at = place(id.x, id.z);
  if (!at.valid) {
    return;
  }
  let d4 = extents.heads * HEAD4;
  read_keys(at.qkv, d4);
  var i = 0u;
  for (var half = 0u; half < 2u; half++) {
    // Blocks of keys that queries of this half may see.
    while (i < min(8u * ((half + 1u) * BLOCKS / 2u), extents.seq_len)) {
      var q: array<vec4f, HEAD4>;
      var acc: array<vec4f, HEAD4>;
      for (var c = 0u; c < HEAD4; c++) {
        q[c] = qkv[at.qkv + i * 3u * d4 + c] * extents.scale;
        acc[c] = vec4f(0.0);
      }
      var largest = MINUS_INFINITY;
      var total = 0.0;
      for (var block = 0u; block < (half + 1u) * BLOCKS / 2u; block++) {
        if (8u * block <= i) {
          var score: array<f32, 8>;
          for (var s = 0u; s < 8u; s++) {
            var products = vec4f(0.0);
            for (var c = 0u; c < HEAD4; c++) {
              products = fma(q[c], keys[(8u * block + s) * HEAD4 + c], products);
            }
            score[s] = select(MINUS_INFINITY, dot(products, vec4f(1.0)), 8u * block + s <= i);
          }
          var top = largest;
          for (var s = 0u; s < 8u; s++) {
            top = max(top, score[s]);
          }
          let shrink = exp(largest - top);
          largest = top;
          total *= shrink;
          for (var c = 0u; c < HEAD4; c++) {
            acc[c] *= shrink;
          }
          for (var s = 0u; s < 8u; s++) {
            let p = exp(score[s] - top);
            total += p;
            for (var c = 0u; c < HEAD4; c++) {
              acc[c] = fma(vec4f(p), values[(8u * block + s) * HEAD4 + c], acc[c]);
            }
          }
        }
      }
      for (var c = 0u; c < HEAD4; c++) {
        y[at.y + i * d4 + c] = acc[c] / total;
      }
      lse[at.statistic + i * extents.heads] = largest + log(total);
      i++;
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u) {
  let at = place(id.x, id.z);
  if (!at.valid) {
    return;
  }
  let d4 = extents.heads * HEAD4;
  read_queries(at, d4);
  var j = 0u;
  for (var half = 0u; half < 2u; half++) {
    while (j < min(8u * ((half + 1u) * BLOCKS / 2u), extents.seq_len)) {
      let key = at.qkv + (3u * j + 1u) * d4;
      var k: array<vec4f, HEAD4>;
      var v: array<vec4f, HEAD4>;
      var dk: array<vec4f, HEAD4>;
      var dv: array<vec4f, HEAD4>;
      for (var c = 0u; c < HEAD4; c++) {
        k[c] = qkv[key + c];
        v[c] = qkv[key + d4 + c];
        dk[c] = vec4f(0.0);
        dv[c] = vec4f(0.0);
      }
      // Queries of the first half see no key of the second.
      for (var after = 0u; after < 8u * (BLOCKS - half * (BLOCKS / 2u)); after++) {
        var scores = vec4f(0.0);
        var dp = vec4f(0.0);
        for (var c = 0u; c < HEAD4; c++) {
          scores = fma(queries[(8u * half * (BLOCKS / 2u) + after) * HEAD4 + c], k[c], scores);
          dp = fma(gradients[(8u * half * (BLOCKS / 2u) + after) * HEAD4 + c], v[c], dp);
        }
        let exponent = dot(scores, vec4f(1.0)) - norm[8u * half * (BLOCKS / 2u) + after];
        let p = select(0.0, exp(exponent), j <= 8u * half * (BLOCKS / 2u) + after);
        let ds = p * (dot(dp, vec4f(1.0)) - inner[8u * half * (BLOCKS / 2u) + after]);
        for (var c = 0u; c < HEAD4; c++) {
          // Queries already carry 1/√w, and so does this product with them.
          dk[c] = fma(vec4f(ds), queries[(8u * half * (BLOCKS / 2u) + after) * HEAD4 + c], dk[c]);
          dv[c] = fma(vec4f(p), gradients[(8u * half * (BLOCKS / 2u) + after) * HEAD4 + c], dv[c]);
          dqueries[(8u * half * (BLOCKS / 2u) + after) * HEAD4 + c] =
            fma(vec4f(ds), k[c], dqueries[(8u * half * (BLOCKS / 2u) + after) * HEAD4 + c]);
        }
      }
      for (var c = 0u; c < HEAD4; c++) {
        dqkv[key + c] = dk[c];
        dqkv[key + d4 + c] = dv[c];
      }
      j++;
    }
  }
  var i = 0u;
  while (i < extents.seq_len) {
    for (var c = 0u; c < HEAD4; c++) {
      dqkv[at.qkv + i * 3u * d4 + c] = dqueries[i * HEAD4 + c] * extents.scale;
    }
    i++;
  }
}
