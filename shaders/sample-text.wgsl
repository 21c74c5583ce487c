// Cuts a batch of windows out of a text; src/data/text.ts computes the same integers.
//
//   inputs = tokens[s … s + T − 1];  targets = tokens[s + 1 … s + T];  nll = 0, for nobody knows a text's own −log p
//   train:     s = ⌊u · windows / 2^32⌋, u drawn with the counter (window index, 0)
//   evaluate:  s = first + window index · stride, the same for every seed
//
// Tokens are packed four to a word, the first in the lowest byte, and shared by all replicas.
// Dispatch: x = ceil(B·T / WORKGROUP), one token a thread; z = replica.
// Entry points: `train`, `evaluate`.
// includes: lib/layout.wgsl lib/hyper.wgsl lib/rng.wgsl

const WORKGROUP = 32u;

struct Extents {
  batch_size: u32, // B
  seq_len: u32, // T
  windows: u32, // places at which a training window may begin
  first: u32, // first held-out character
  stride: u32, // characters from one held-out window to the next
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> hyper: array<Hyper>; // [R]
@group(0) @binding(2) var<storage, read> counters: array<u32>; // [R, 64], word 0 = step or evaluation batch
@group(0) @binding(3) var<storage, read> tokens: array<u32>; // [length / 4], the same for all replicas
@group(0) @binding(4) var<storage, read_write> inputs: array<u32>; // [R, B·T]
@group(0) @binding(5) var<storage, read_write> targets: array<u32>; // [R, B·T]
@group(0) @binding(6) var<storage, read_write> nll: array<f32>; // [R, B·T]

fn token_at(i: u32) -> u32 {
  return (tokens[i >> 2u] >> (8u * (i & 3u))) & 0xffu;
}

/// Index of the window that token `i` of the batch belongs to.
fn window_of(i: u32, replica: u32) -> u32 {
  return counters[replica * 64u] * extents.batch_size + i / extents.seq_len;
}

/// Writes token `i` of the batch, whose window begins at `start`.
fn write(i: u32, start: u32, replica: u32) {
  let at = start + i % extents.seq_len;
  let row = replica * replica_stride(extents.batch_size * extents.seq_len) + i;
  inputs[row] = token_at(at);
  targets[row] = token_at(at + 1u);
  nll[row] = 0.0;
}

@compute @workgroup_size(WORKGROUP)
fn train(@builtin(global_invocation_id) id: vec3u) {
  let replica = id.z;
  if (id.x >= extents.batch_size * extents.seq_len) {
    return;
  }
  let random = threefry(vec2u(hyper[replica].seed, STREAM_TRAIN), vec2u(window_of(id.x, replica), 0u));
  write(id.x, uniform_below(random.x, extents.windows), replica);
}

@compute @workgroup_size(WORKGROUP)
fn evaluate(@builtin(global_invocation_id) id: vec3u) {
  let replica = id.z;
  if (id.x >= extents.batch_size * extents.seq_len) {
    return;
  }
  write(id.x, extents.first + window_of(id.x, replica) * extents.stride, replica);
}
