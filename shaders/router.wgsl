// A router's choice of experts from its logits l = x·W_r [rows, E], and the gradient of the logits:
//
//   chosen = the k experts of the highest l_e + bias_e, ties to the lowest index;  p = softmax(l) over all E
//   gates  = p of the chosen one for k = 1, softmax(l) over the chosen ones for k ≥ 2
//   dl     = (through the gates) + a·E/rows · p_e·(f_e − Σ f p) + z·2·lse/rows · p_e
//
// with f_e the share of all visits that expert e received, a the weight of the load-balancing loss E·Σ f_e·mean(p_e)
// (Fedus et al. 2022, arXiv 2101.03961, eq. 4; f counts as a constant) and z that of the z-loss mean(lse²) (Zoph et
// al. 2022, arXiv 2202.08906, eq. 5). Neither enters the reported loss. The biases decide who is chosen and nothing
// else (Wang et al. 2024, arXiv 2408.15664): bias_e += u·sign(rows·k/E − visits_e), once a step.
//
// Shapes, for each replica: logits, dlogits [rows, E rounded up to 4], whose last columns are padding; experts, gates,
// dgates [rows·k], slot r·k + j is the j-th choice of row r; lse, entropy [rows]; offsets [E + 1] are route's; biases
// [64]. Dispatch: one invocation a row (x), z = replica. A NaN leaves experts that exist, and gates that are NaN.
//
// includes: lib/layout.wgsl, lib/hyper.wgsl

const WORKGROUP = 16u;
const EXPERTS = 16u;
const TOP_K = 2u;
const ENTROPY = false;
const QUADS = (EXPERTS + 3u) / 4u;
const LOWEST = -3.4e38;

struct Extents {
  rows: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>; // [R, rows, E4]
@group(0) @binding(2) var<storage, read> biases: array<f32>; // [R, 64]
@group(0) @binding(3) var<storage, read_write> experts: array<u32>; // [R, rows·k]
@group(0) @binding(4) var<storage, read_write> gates: array<f32>; // [R, rows·k]
@group(0) @binding(5) var<storage, read_write> lse: array<f32>; // [R, rows]
@group(0) @binding(6) var<storage, read_write> entropy: array<f32>; // [R, rows], nats
@group(0) @binding(7) var<storage, read> chosen: array<u32>; // [R, rows·k], what `experts` holds
@group(0) @binding(8) var<storage, read> saved_lse: array<f32>; // [R, rows]
@group(0) @binding(9) var<storage, read> dgates: array<f32>; // [R, rows·k]
@group(0) @binding(10) var<storage, read> offsets: array<u32>; // [R, E + 1]
@group(0) @binding(11) var<storage, read> hyper: array<Hyper>; // [R]
@group(0) @binding(12) var<storage, read_write> dlogits: array<vec4f>; // [R, rows, E4]
@group(0) @binding(13) var<storage, read_write> moved_biases: array<f32>; // [R, 64], what `biases` will hold

@compute @workgroup_size(WORKGROUP)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= extents.rows) {
    return;
  }
  let base_logits = id.z * replica_stride4(extents.rows * QUADS * 4u) + row * QUADS;
  let base_slots = id.z * replica_stride(extents.rows * TOP_K) + row * TOP_K;
  let base_rows = id.z * replica_stride(extents.rows) + row;

  var best: array<f32, TOP_K>;
  var best_logit: array<f32, TOP_K>;
  var best_expert: array<u32, TOP_K>;
  for (var j = 0u; j < TOP_K; j++) {
    best[j] = LOWEST;
    best_logit[j] = LOWEST;
    best_expert[j] = j;
  }
  var quad: array<vec4f, QUADS>;
  var largest = LOWEST;
  for (var q = 0u; q < QUADS; q++) {
    quad[q] = logits[base_logits + q];
    for (var s = 0u; s < 4u; s++) {
      if (4u * q + s < EXPERTS) {
        largest = max(largest, quad[q][s]);
        // From where it is better on, everyone moves down by one: who came first stays ahead of equals.
        var score = quad[q][s] + biases[id.z * 64u + 4u * q + s];
        var logit = quad[q][s];
        var expert = 4u * q + s;
        var moved = false;
        for (var j = 0u; j < TOP_K; j++) {
          moved = moved || score > best[j];
          let other_score = best[j];
          let other_logit = best_logit[j];
          let other_expert = best_expert[j];
          best[j] = select(other_score, score, moved);
          best_logit[j] = select(other_logit, logit, moved);
          best_expert[j] = select(other_expert, expert, moved);
          score = select(score, other_score, moved);
          logit = select(logit, other_logit, moved);
          expert = select(expert, other_expert, moved);
        }
      }
    }
  }

  var sum = 0.0;
  var weighted = 0.0;
  for (var q = 0u; q < QUADS; q++) {
    for (var s = 0u; s < 4u; s++) {
      if (4u * q + s < EXPERTS) {
        let weight = exp(quad[q][s] - largest);
        sum += weight;
        weighted += weight * quad[q][s];
      }
    }
  }
  let row_lse = largest + log(sum);
  lse[base_rows] = row_lse;
  if (ENTROPY) {
    entropy[base_rows] = row_lse - weighted / sum;
  }

  // Through the sum over all, so that a NaN of any expert is seen.
  var gate: array<f32, TOP_K>;
  var chosen_sum = 0.0;
  for (var j = 0u; j < TOP_K; j++) {
    gate[j] = exp(best_logit[j] - row_lse);
    chosen_sum += gate[j];
  }
  if (TOP_K > 1u) {
    for (var j = 0u; j < TOP_K; j++) {
      gate[j] /= chosen_sum;
    }
  }
  for (var j = 0u; j < TOP_K; j++) {
    experts[base_slots + j] = best_expert[j];
    gates[base_slots + j] = gate[j];
  }
}

@compute @workgroup_size(WORKGROUP)
fn backward(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  let rows = extents.rows;
  if (row >= rows) {
    return;
  }
  let base_logits = id.z * replica_stride4(rows * QUADS * 4u) + row * QUADS;
  let base_slots = id.z * replica_stride(rows * TOP_K) + row * TOP_K;
  let base_offsets = id.z * replica_stride(EXPERTS + 1u);
  let row_lse = saved_lse[id.z * replica_stride(rows) + row];
  let inverse_rows = 1.0 / f32(rows);

  // p and Σ f·p, f in visits; and p of the chosen.
  var p: array<f32, 4u * QUADS>;
  var visits: array<f32, 4u * QUADS>;
  var expert: array<u32, TOP_K>;
  var share: array<f32, TOP_K>;
  for (var j = 0u; j < TOP_K; j++) {
    expert[j] = chosen[base_slots + j];
    share[j] = 0.0;
  }
  var expected = 0.0;
  var last = 0u;
  for (var q = 0u; q < QUADS; q++) {
    let four = logits[base_logits + q];
    for (var s = 0u; s < 4u; s++) {
      if (4u * q + s < EXPERTS) {
        p[4u * q + s] = exp(four[s] - row_lse);
        let next = offsets[base_offsets + 4u * q + s + 1u];
        visits[4u * q + s] = f32(next - last);
        last = next;
        expected += visits[4u * q + s] * p[4u * q + s];
        for (var j = 0u; j < TOP_K; j++) {
          share[j] = select(share[j], p[4u * q + s], expert[j] == 4u * q + s);
        }
      }
    }
  }

  // The gates are functions of the chosen logits: of all through p for k = 1, of each other for k ≥ 2.
  var through: array<f32, TOP_K>;
  var of_all = 0.0;
  if (TOP_K == 1u) {
    through[0] = dgates[base_slots] * share[0];
    of_all = through[0];
  } else {
    var share_sum = 0.0;
    for (var j = 0u; j < TOP_K; j++) {
      share_sum += share[j];
    }
    var mean = 0.0;
    for (var j = 0u; j < TOP_K; j++) {
      share[j] /= share_sum;
      mean += share[j] * dgates[base_slots + j];
    }
    for (var j = 0u; j < TOP_K; j++) {
      through[j] = share[j] * (dgates[base_slots + j] - mean);
    }
  }

  let balance = hyper[id.z].balance_loss * f32(EXPERTS) * inverse_rows * inverse_rows / f32(TOP_K);
  let z = hyper[id.z].z_loss * 2.0 * row_lse * inverse_rows;
  for (var q = 0u; q < QUADS; q++) {
    var gradient = vec4f(0.0);
    for (var s = 0u; s < 4u; s++) {
      if (4u * q + s < EXPERTS) {
        var value = p[4u * q + s] * (balance * (visits[4u * q + s] - expected) + z - of_all);
        for (var j = 0u; j < TOP_K; j++) {
          value += select(0.0, through[j], expert[j] == 4u * q + s);
        }
        gradient[s] = value;
      }
    }
    dlogits[base_logits + q] = gradient;
  }

  let fair = f32(rows * TOP_K) / f32(EXPERTS);
  for (var e = row; e < EXPERTS; e += rows) {
    let got = f32(offsets[base_offsets + e + 1u] - offsets[base_offsets + e]);
    moved_biases[id.z * 64u + e] += hyper[id.z].bias_rate * sign(fair - got);
  }
}
