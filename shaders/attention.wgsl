enable subgroups;

// Causal multi-head attention, one head at a time, without any T × T matrix in memory (the online softmax of
// Dao et al. 2022, arXiv 2205.14135):
//
//   s_ij = q_i · k_j / √w for j ≤ i,   lse_i = log Σ_j exp s_ij,   p_ij = exp(s_ij − lse_i),   y_i = Σ_j p_ij v_j
//   delta_i = dy_i · y_i,   ds_ij = p_ij (dy_i · v_j − delta_i) / √w
//   dq_i = Σ_j ds_ij k_j,   dk_j = Σ_i ds_ij q_i,   dv_j = Σ_i p_ij dy_i
//
// Shapes, for each replica: qkv [B·T, 3·D], its columns q | k | v, each [H, w]; y [B·T, D]; lse, delta [B·T, H];
// w = D / H = 4·HEAD4.
// Dispatch: forward and backward_query one invocation for QUERY_TILE queries of one head of one sequence,
// backward_key one for KEY_TILE keys; x = (sequence, head, tile), tiles fastest and their number rounded up to fours;
// z = replica. backward is both in one dispatch, first the invocations of backward_query: TOGETHER, nobody can wait for
// delta, so both compute it. Keys, or queries, go by fours. With SUBGROUP, where a subgroup is just four neighbours, each of them
// loads one of the four and the others take it from there: so all four go through what the last one needs.
//
// includes: lib/layout.wgsl

const HEAD4 = 4u;
const QUERY_TILE = 4u;
const KEY_TILE = 4u;
const WORKGROUP = 16u;
const SUBGROUP = false;
const TOGETHER = false;
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
@group(0) @binding(7) var<storage, read_write> delta: array<f32>; // [R, B·T, H]
@group(0) @binding(8) var<storage, read> saved_delta: array<f32>; // [R, B·T, H]
@group(0) @binding(9) var<storage, read_write> dqkv: array<vec4f>; // [R, B·T, 3·D]

struct Place {
  valid: bool,
  first: u32, // first query or key of the tile, within the sequence
  qkv: u32, // vec4 of column 0 of this head's q, row 0 of the sequence
  y: u32, // vec4 of this head's y, row 0 of the sequence
  statistic: u32, // lse or delta of this head, row 0 of the sequence
}

/// Tiles of a head of a sequence, in fours.
fn tiles_of(tile: u32) -> u32 {
  return (extents.seq_len + 4u * tile - 1u) / (4u * tile) * 4u;
}

/// Where the tile of invocation `index` of replica `replica` lies; `tile` is its number of positions.
fn place(index: u32, replica: u32, tile: u32) -> Place {
  let tiles = tiles_of(tile);
  let head = index / tiles % extents.heads;
  let sequence = index / tiles / extents.heads;
  let rows = extents.batch * extents.seq_len;
  let d4 = extents.heads * HEAD4;
  let row = sequence * extents.seq_len;
  var p: Place;
  p.valid = sequence < extents.batch;
  p.first = index % tiles * tile;
  p.qkv = replica * replica_stride4(rows * 12u * d4) + row * 3u * d4 + head * HEAD4;
  p.y = replica * replica_stride4(rows * 4u * d4) + row * d4 + head * HEAD4;
  p.statistic = replica * replica_stride(rows * extents.heads) + row * extents.heads + head;
  return p;
}

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let at = place(id.x, id.z, QUERY_TILE);
  if (!at.valid) {
    return;
  }
  let d4 = extents.heads * HEAD4;
  var q: array<vec4f, QUERY_TILE * HEAD4>;
  var acc: array<vec4f, QUERY_TILE * HEAD4>;
  var largest: array<f32, QUERY_TILE>;
  var total: array<f32, QUERY_TILE>;
  for (var i = 0u; i < QUERY_TILE; i++) {
    let row = min(at.first + i, extents.seq_len - 1u);
    for (var c = 0u; c < HEAD4; c++) {
      q[i * HEAD4 + c] = qkv[at.qkv + row * 3u * d4 + c] * extents.scale;
      acc[i * HEAD4 + c] = vec4f(0.0);
    }
    largest[i] = MINUS_INFINITY;
    total[i] = 0.0;
  }
  // Four keys at a time, so that what is summed is rescaled once for the four.
  let lane = id.x % 4u;
  var end = at.first + QUERY_TILE;
  if (SUBGROUP) {
    end += (3u - lane) * QUERY_TILE;
  }
  end = min(end, extents.seq_len);
  for (var j = 0u; j < end; j += 4u) {
    var k: array<vec4f, 4u * HEAD4>;
    var v: array<vec4f, 4u * HEAD4>;
    if (SUBGROUP) {
      let key = at.qkv + min(j + lane, extents.seq_len - 1u) * 3u * d4 + d4;
      for (var c = 0u; c < HEAD4; c++) {
        k[c] = qkv[key + c];
        v[c] = qkv[key + d4 + c];
      }
    } else {
      for (var s = 0u; s < 4u; s++) {
        let key = at.qkv + min(j + s, extents.seq_len - 1u) * 3u * d4 + d4;
        for (var c = 0u; c < HEAD4; c++) {
          k[s * HEAD4 + c] = qkv[key + c];
          v[s * HEAD4 + c] = qkv[key + d4 + c];
        }
      }
    }
    var score: array<vec4f, QUERY_TILE>;
    for (var s = 0u; s < 4u; s++) {
      var products: array<vec4f, QUERY_TILE>;
      for (var i = 0u; i < QUERY_TILE; i++) {
        products[i] = vec4f(0.0);
      }
      for (var c = 0u; c < HEAD4; c++) {
        var key = vec4f(0.0);
        if (SUBGROUP) {
          key = quadBroadcast(k[c], s);
        } else {
          key = k[s * HEAD4 + c];
        }
        for (var i = 0u; i < QUERY_TILE; i++) {
          products[i] = fma(q[i * HEAD4 + c], key, products[i]);
        }
      }
      for (var i = 0u; i < QUERY_TILE; i++) {
        score[i][s] = select(MINUS_INFINITY, dot(products[i], vec4f(1.0)), j + s <= at.first + i);
      }
    }
    var p: array<vec4f, QUERY_TILE>;
    for (var i = 0u; i < QUERY_TILE; i++) {
      let top = max(max(max(score[i].x, score[i].y), max(score[i].z, score[i].w)), largest[i]);
      let shrink = exp(largest[i] - top);
      largest[i] = top;
      p[i] = exp(score[i] - top);
      total[i] = total[i] * shrink + dot(p[i], vec4f(1.0));
      for (var c = 0u; c < HEAD4; c++) {
        acc[i * HEAD4 + c] *= shrink;
      }
    }
    for (var s = 0u; s < 4u; s++) {
      for (var c = 0u; c < HEAD4; c++) {
        var value = vec4f(0.0);
        if (SUBGROUP) {
          value = quadBroadcast(v[c], s);
        } else {
          value = v[s * HEAD4 + c];
        }
        for (var i = 0u; i < QUERY_TILE; i++) {
          acc[i * HEAD4 + c] = fma(vec4f(p[i][s]), value, acc[i * HEAD4 + c]);
        }
      }
    }
  }
  for (var i = 0u; i < QUERY_TILE; i++) {
    let row = at.first + i;
    if (row < extents.seq_len) {
      for (var c = 0u; c < HEAD4; c++) {
        y[at.y + row * d4 + c] = acc[i * HEAD4 + c] / total[i];
      }
      lse[at.statistic + row * extents.heads] = largest[i] + log(total[i]);
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn backward_query(@builtin(global_invocation_id) id: vec3u) {
  query_gradients(id);
}

@compute @workgroup_size(WORKGROUP)
fn backward_key(@builtin(global_invocation_id) id: vec3u) {
  key_gradients(id);
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u) {
  let queries = extents.batch * extents.heads * tiles_of(QUERY_TILE);
  if (id.x < queries) {
    query_gradients(id);
  } else {
    key_gradients(id - vec3u(queries, 0u, 0u));
  }
}

fn query_gradients(id: vec3u) {
  let at = place(id.x, id.z, QUERY_TILE);
  if (!at.valid) {
    return;
  }
  let d4 = extents.heads * HEAD4;
  var q: array<vec4f, QUERY_TILE * HEAD4>;
  var g: array<vec4f, QUERY_TILE * HEAD4>;
  var dq: array<vec4f, QUERY_TILE * HEAD4>;
  var norm: array<f32, QUERY_TILE>;
  var inner: array<f32, QUERY_TILE>;
  for (var i = 0u; i < QUERY_TILE; i++) {
    let row = min(at.first + i, extents.seq_len - 1u);
    var products = vec4f(0.0);
    for (var c = 0u; c < HEAD4; c++) {
      q[i * HEAD4 + c] = qkv[at.qkv + row * 3u * d4 + c] * extents.scale;
      g[i * HEAD4 + c] = dy[at.y + row * d4 + c];
      dq[i * HEAD4 + c] = vec4f(0.0);
      products = fma(g[i * HEAD4 + c], saved_y[at.y + row * d4 + c], products);
    }
    inner[i] = dot(products, vec4f(1.0));
    norm[i] = saved_lse[at.statistic + row * extents.heads];
  }
  let lane = id.x % 4u;
  var end = at.first + QUERY_TILE;
  if (SUBGROUP) {
    end += (3u - lane) * QUERY_TILE;
  }
  end = min(end, extents.seq_len);
  for (var j = 0u; j < end; j += 4u) {
    var own_k: array<vec4f, HEAD4>;
    var own_v: array<vec4f, HEAD4>;
    if (SUBGROUP) {
      let key = at.qkv + min(j + lane, extents.seq_len - 1u) * 3u * d4 + d4;
      for (var c = 0u; c < HEAD4; c++) {
        own_k[c] = qkv[key + c];
        own_v[c] = qkv[key + d4 + c];
      }
    }
    for (var s = 0u; s < 4u; s++) {
      let key = at.qkv + min(j + s, extents.seq_len - 1u) * 3u * d4 + d4;
      var k: array<vec4f, HEAD4>;
      var v: array<vec4f, HEAD4>;
      for (var c = 0u; c < HEAD4; c++) {
        if (SUBGROUP) {
          k[c] = quadBroadcast(own_k[c], s);
          v[c] = quadBroadcast(own_v[c], s);
        } else {
          k[c] = qkv[key + c];
          v[c] = qkv[key + d4 + c];
        }
      }
      for (var i = 0u; i < QUERY_TILE; i++) {
        var scores = vec4f(0.0);
        var dp = vec4f(0.0);
        for (var c = 0u; c < HEAD4; c++) {
          scores = fma(q[i * HEAD4 + c], k[c], scores);
          dp = fma(g[i * HEAD4 + c], v[c], dp);
        }
        let p = select(0.0, exp(dot(scores, vec4f(1.0)) - norm[i]), j + s <= at.first + i);
        let ds = p * (dot(dp, vec4f(1.0)) - inner[i]) * extents.scale;
        for (var c = 0u; c < HEAD4; c++) {
          dq[i * HEAD4 + c] = fma(vec4f(ds), k[c], dq[i * HEAD4 + c]);
        }
      }
    }
  }
  for (var i = 0u; i < QUERY_TILE; i++) {
    let row = at.first + i;
    if (row < extents.seq_len) {
      for (var c = 0u; c < HEAD4; c++) {
        dqkv[at.qkv + row * 3u * d4 + c] = dq[i * HEAD4 + c];
      }
      if (!TOGETHER) {
        delta[at.statistic + row * extents.heads] = inner[i];
      }
    }
  }
}

fn key_gradients(id: vec3u) {
  let at = place(id.x, id.z, KEY_TILE);
  if (!at.valid) {
    return;
  }
  let d4 = extents.heads * HEAD4;
  var k: array<vec4f, KEY_TILE * HEAD4>;
  var v: array<vec4f, KEY_TILE * HEAD4>;
  var dk: array<vec4f, KEY_TILE * HEAD4>;
  var dv: array<vec4f, KEY_TILE * HEAD4>;
  for (var j = 0u; j < KEY_TILE; j++) {
    let key = at.qkv + min(at.first + j, extents.seq_len - 1u) * 3u * d4 + d4;
    for (var c = 0u; c < HEAD4; c++) {
      k[j * HEAD4 + c] = qkv[key + c];
      v[j * HEAD4 + c] = qkv[key + d4 + c];
      dk[j * HEAD4 + c] = vec4f(0.0);
      dv[j * HEAD4 + c] = vec4f(0.0);
    }
  }
  let lane = id.x % 4u;
  var begin = at.first;
  if (SUBGROUP) {
    begin -= lane * KEY_TILE;
  }
  for (var first = begin; first < extents.seq_len; first += 4u) {
    var own_q: array<vec4f, HEAD4>;
    var own_g: array<vec4f, HEAD4>;
    var own_norm = 0.0;
    var own_inner = 0.0;
    if (SUBGROUP) {
      let row = min(first + lane, extents.seq_len - 1u);
      for (var c = 0u; c < HEAD4; c++) {
        own_q[c] = qkv[at.qkv + row * 3u * d4 + c] * extents.scale;
        own_g[c] = dy[at.y + row * d4 + c];
      }
      own_norm = saved_lse[at.statistic + row * extents.heads];
      own_inner = saved_delta[at.statistic + row * extents.heads];
    }
    for (var s = 0u; s < 4u; s++) {
      let i = first + s;
      let row = min(i, extents.seq_len - 1u);
      var q: array<vec4f, HEAD4>;
      var g: array<vec4f, HEAD4>;
      var norm = 0.0;
      var inner = 0.0;
      if (SUBGROUP) {
        for (var c = 0u; c < HEAD4; c++) {
          q[c] = quadBroadcast(own_q[c], s);
          g[c] = quadBroadcast(own_g[c], s);
        }
        norm = quadBroadcast(own_norm, s);
        inner = quadBroadcast(own_inner, s);
      } else {
        for (var c = 0u; c < HEAD4; c++) {
          q[c] = qkv[at.qkv + row * 3u * d4 + c] * extents.scale;
          g[c] = dy[at.y + row * d4 + c];
        }
        norm = saved_lse[at.statistic + row * extents.heads];
        if (TOGETHER) {
          var products = vec4f(0.0);
          for (var c = 0u; c < HEAD4; c++) {
            products = fma(g[c], saved_y[at.y + row * d4 + c], products);
          }
          inner = dot(products, vec4f(1.0));
        } else {
          inner = saved_delta[at.statistic + row * extents.heads];
        }
      }
      for (var j = 0u; j < KEY_TILE; j++) {
        var scores = vec4f(0.0);
        var dp = vec4f(0.0);
        for (var c = 0u; c < HEAD4; c++) {
          scores = fma(q[c], k[j * HEAD4 + c], scores);
          dp = fma(g[c], v[j * HEAD4 + c], dp);
        }
        let seen = at.first + j <= i && i < extents.seq_len;
        let p = select(0.0, exp(dot(scores, vec4f(1.0)) - norm), seen);
        // q already carries 1/√w, and so does this product with it.
        let ds = p * (dot(dp, vec4f(1.0)) - inner);
        for (var c = 0u; c < HEAD4; c++) {
          dk[j * HEAD4 + c] = fma(vec4f(ds), q[c], dk[j * HEAD4 + c]);
          dv[j * HEAD4 + c] = fma(vec4f(p), g[c], dv[j * HEAD4 + c]);
        }
      }
    }
  }
  for (var j = 0u; j < KEY_TILE; j++) {
    let row = at.first + j;
    if (row < extents.seq_len) {
      let key = at.qkv + row * 3u * d4 + d4;
      for (var c = 0u; c < HEAD4; c++) {
        dqkv[key + c] = dk[j * HEAD4 + c];
        dqkv[key + d4 + c] = dv[j * HEAD4 + c];
      }
    }
  }
}
