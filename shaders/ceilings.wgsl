// What an adapter can do at most, one thing at a time:
//
//   multiply_add  c_i ← c_i · a + b, eight independent chains of vec4s, 16 · rounds times each; no memory in the loop
//   load          every invocation adds up `rounds` vec4s of x, each of which is read once
//   store         every invocation writes `rounds` vec4s of y, each of which is written once
//   copy          y ← x, `rounds` vec4s an invocation
//   barrier       `rounds` barriers of the workgroup
//   nothing       one invocation writes one number: what a dispatch costs by itself
//
// Shapes: x, y [invocations · rounds] vec4s. Dispatch: one invocation each (x); neighbours touch neighbouring vec4s.
// FLOPs of multiply_add: invocations · rounds · 16 · 8 · 4 · 2.

const WORKGROUP = 32u;

struct Extents {
  rounds: u32,
  invocations: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> x: array<vec4f>; // [invocations · rounds]
@group(0) @binding(2) var<storage, read_write> y: array<vec4f>; // [invocations · rounds]

var<workgroup> met: array<u32, WORKGROUP>;

@compute @workgroup_size(WORKGROUP)
fn multiply_add(@builtin(global_invocation_id) id: vec3u) {
  // From memory, so that no compiler knows the result.
  let a = y[id.x] * 1e-30 + vec4f(0.999, 0.998, 0.997, 0.996);
  let b = y[id.x] * 1e-30 + vec4f(1e-3);
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
  y[id.x] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn load(@builtin(global_invocation_id) id: vec3u) {
  var sum = vec4f(0.0);
  for (var at = id.x; at < extents.rounds * extents.invocations; at += 8u * extents.invocations) {
    for (var i = 0u; i < 8u; i++) {
      sum += x[at + i * extents.invocations];
    }
  }
  y[id.x] = sum;
}

@compute @workgroup_size(WORKGROUP)
fn store(@builtin(global_invocation_id) id: vec3u) {
  for (var at = id.x; at < extents.rounds * extents.invocations; at += 8u * extents.invocations) {
    for (var i = 0u; i < 8u; i++) {
      y[at + i * extents.invocations] = vec4f(1.0);
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn copy(@builtin(global_invocation_id) id: vec3u) {
  for (var at = id.x; at < extents.rounds * extents.invocations; at += 8u * extents.invocations) {
    for (var i = 0u; i < 8u; i++) {
      y[at + i * extents.invocations] = x[at + i * extents.invocations];
    }
  }
}

@compute @workgroup_size(WORKGROUP)
fn barrier(@builtin(local_invocation_index) lane: u32, @builtin(global_invocation_id) id: vec3u) {
  for (var round = 0u; round < extents.rounds; round++) {
    met[lane] = round;
    workgroupBarrier();
  }
  y[id.x] = vec4f(f32(met[WORKGROUP - 1u - lane]));
}

@compute @workgroup_size(1)
fn nothing(@builtin(global_invocation_id) id: vec3u) {
  y[id.x] = vec4f(f32(extents.rounds));
}
