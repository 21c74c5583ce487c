// Softmax cross-entropy with a mask, the loss and the gradient of the logits in one pass over each row:
//
//   loss_r = log Σ_c exp z_rc − z_r,target,   dlogits_rc = (softmax(z_r)_c − [c = target]) · inverse_count
//
// Both are 0 in rows whose target is IGNORE. `inverse_count` is 1 / (scored rows), so the gradient is that of
// the mean. Evaluation needs no gradient and leaves it out.
//
// Shapes, for each replica: logits, dlogits [rows, classes], targets, losses [rows]; classes is a multiple of 4.
// Dispatch: one invocation a row (x), z = replica.
//
// includes: lib/layout.wgsl

const WORKGROUP = 16u;
const KEPT = 8u; // vec4s of a row that stay in registers, at most classes / 4
const LONGER = true; // whether rows are longer than that: loops cost even where nothing is left for them
const GRADIENT = true;
const IGNORE = 0xffffffffu;

struct Extents {
  rows: u32,
  classes: u32,
  inverse_count: f32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>; // [R, rows, classes]
@group(0) @binding(2) var<storage, read> targets: array<u32>; // [R, rows]
@group(0) @binding(3) var<storage, read_write> losses: array<f32>; // [R, rows]
@group(0) @binding(4) var<storage, read_write> dlogits: array<vec4f>; // [R, rows, classes]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= extents.rows) {
    return;
  }
  let classes4 = extents.classes / 4u;
  let base = id.z * replica_stride4(extents.rows * extents.classes) + id.x * classes4;
  let at = id.z * replica_stride(extents.rows) + id.x;
  let correct = targets[at];
  let scored = correct != IGNORE;

  var row: array<vec4f, KEPT>;
  var largest4 = logits[base];
  for (var i = 0u; i < KEPT; i++) {
    row[i] = logits[base + i];
    largest4 = max(largest4, row[i]);
  }
  if (LONGER) {
    for (var i = KEPT; i < classes4; i++) {
      largest4 = max(largest4, logits[base + i]);
    }
  }
  let largest = max(max(largest4.x, largest4.y), max(largest4.z, largest4.w));
  var total4 = vec4f(0.0);
  for (var i = 0u; i < KEPT; i++) {
    total4 += exp(row[i] - largest);
  }
  if (LONGER) {
    for (var i = KEPT; i < classes4; i++) {
      total4 += exp(logits[base + i] - largest);
    }
  }
  let lse = largest + log(dot(total4, vec4f(1.0)));
  let last = select(0u, correct, scored);
  losses[at] = select(0.0, lse - logits[base + last / 4u][last % 4u], scored);

  if (GRADIENT) {
    let weight = select(0.0, extents.inverse_count, scored);
    for (var i = 0u; i < KEPT; i++) {
      let one_hot = select(vec4f(0.0), vec4f(1.0), vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) == vec4u(correct));
      dlogits[base + i] = (exp(row[i] - lse) - one_hot) * weight;
    }
    if (LONGER) {
      for (var i = KEPT; i < classes4; i++) {
        let one_hot = select(vec4f(0.0), vec4f(1.0), vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u) == vec4u(correct));
        dlogits[base + i] = (exp(logits[base + i] - lse) - one_hot) * weight;
      }
    }
  }
}
