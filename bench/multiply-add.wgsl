// The adapter's multiply-add ceiling: eight independent chains of vec4 fused multiply-adds, no memory in the loop.
//
//   c_i ← c_i · a + b, 16 · rounds times each
//
// Shapes: out [invocations]. Dispatch: one invocation each (x). FLOPs: invocations · rounds · 16 · 8 · 4 · 2.

const WORKGROUP = 32u;

struct Extents {
  rounds: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read_write> out: array<vec4f>; // [invocations]

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(global_invocation_id) id: vec3u) {
  // From memory, so that no compiler knows the result.
  let a = out[id.x] * 1e-30 + vec4f(0.999, 0.998, 0.997, 0.996);
  let b = out[id.x] * 1e-30 + vec4f(1e-3);
  var c: array<vec4f, 8>;
  for (var i = 0u; i < 8u; i++) {
    c[i] = a * f32(i);
  }
  for (var round = 0u; round < extents.rounds; round++) {
    for (var repeat = 0u; repeat < 16u; repeat++) {
      for (var i = 0u; i < 8u; i++) {
        c[i] = fma(c[i], a, b);
      }
    }
  }
  var sum = vec4f(0.0);
  for (var i = 0u; i < 8u; i++) {
    sum += c[i];
  }
  out[id.x] = sum;
}
