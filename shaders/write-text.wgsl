// Lets a model write: turns what is written so far into a batch of inputs, and takes the next token from its logits.
//
//   window:  inputs = the last min(n, T) tokens of a line, then 0, which no earlier position can see
//   append:  line[n] = the most likely token where the temperature τ is 0, else one drawn with
//            p(c) ∝ exp(z_c / τ), z the logits of the last position;  then written ← written + 1
//
// n = PROMPT + tokens written so far. The second half of the lines is drawn, the first is not. Random words: the
// counter (line, n) of the seed's own stream.
// Dispatch: window x = ceil(lines·T / WORKGROUP); append one workgroup a replica, one line a thread; z = replica.
// includes: lib/layout.wgsl lib/hyper.wgsl lib/rng.wgsl

const WORKGROUP = 32u;

struct Extents {
  lines: u32, // at most WORKGROUP
  seq_len: u32, // T
  length: u32, // tokens that a line has room for
  prompt: u32, // tokens that it begins with
  classes: u32, // V
  temperature: f32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> hyper: array<Hyper>; // [R]
@group(0) @binding(2) var<storage, read> logits: array<f32>; // [R, lines·T, V]
@group(0) @binding(3) var<storage, read_write> counters: array<u32>; // [R, 64], word 0 = tokens written
@group(0) @binding(4) var<storage, read_write> written: array<u32>; // [R, lines, length]
@group(0) @binding(5) var<storage, read_write> inputs: array<u32>; // [R, lines·T]

@compute @workgroup_size(WORKGROUP)
fn window(@builtin(global_invocation_id) id: vec3u) {
  let seq_len = extents.seq_len;
  if (id.x >= extents.lines * seq_len) {
    return;
  }
  let n = min(extents.prompt + counters[id.z * 64u], extents.length);
  let position = n - min(n, seq_len) + id.x % seq_len;
  let line = id.z * replica_stride(extents.lines * extents.length) + id.x / seq_len * extents.length;
  var token = 0u;
  if (position < n) {
    token = written[line + position];
  }
  inputs[id.z * replica_stride(extents.lines * seq_len) + id.x] = token;
}

/// The next token of a line, from the logits that begin at `row`.
fn next_token(row: u32, drawn: bool, random: u32) -> u32 {
  var best = 0u;
  var largest = logits[row];
  for (var c = 1u; c < extents.classes; c++) {
    let z = logits[row + c];
    if (z > largest) {
      largest = z;
      best = c;
    }
  }
  if (!drawn) {
    return best;
  }
  var total = 0.0;
  for (var c = 0u; c < extents.classes; c++) {
    total += exp((logits[row + c] - largest) / extents.temperature);
  }
  // 24 bits are what a float32 holds exactly.
  var left = total * (f32(random >> 8u) / 16777216.0);
  for (var c = 0u; c < extents.classes; c++) {
    left -= exp((logits[row + c] - largest) / extents.temperature);
    if (left < 0.0) {
      return c;
    }
  }
  return best;
}

@compute @workgroup_size(WORKGROUP)
fn append(@builtin(local_invocation_index) line: u32, @builtin(workgroup_id) group_id: vec3u) {
  let replica = group_id.z;
  let done = counters[replica * 64u];
  let n = extents.prompt + done;
  if (line < extents.lines && n < extents.length) {
    let last = line * extents.seq_len + min(n, extents.seq_len) - 1u;
    let row = replica * replica_stride(extents.lines * extents.seq_len * extents.classes) + last * extents.classes;
    let random = threefry(vec2u(hyper[replica].seed, STREAM_WRITING), vec2u(line, n));
    let token = next_token(row, line >= extents.lines / 2u, random.x);
    written[replica * replica_stride(extents.lines * extents.length) + line * extents.length + n] = token;
  }
  storageBarrier();
  if (line == 0u) {
    counters[replica * 64u] = done + 1u;
  }
}
