// Samples a batch of documents of the "topics" source; src/data/topics.ts computes the same integers.
//
//   topic z: p(rank) ∝ rank^−zipf, by thresholds;  s1 … s(lag) uniform, not scored
//   s(t) = successors[z][s(t − lag)][j],  p(j) = .70, .15, .10, .05;  in training replaced by a uniform
//   token with probability noise; the chain goes on from what was seen
//   inputs = tag, s1 … s(T − 1);  targets = s1 … sT;  nll = the process's own −log p of each target
//
// Random words: counter (document index, draw), draw 0 for the topic, 1 + t for s(t + 1).
// Dispatch: x = ceil(B / WORKGROUP), one document a thread; z = replica.
// Entry points: `train` (noise, curriculum, repetition), `evaluate` (none of them; its own stream).
// includes: lib/layout.wgsl lib/hyper.wgsl lib/rng.wgsl

const WORKGROUP = 16u;

struct Extents {
  batch_size: u32, // B
  seq_len: u32, // T
  vocab_size: u32, // V
  topics: u32, // K
  lag: u32,
  schedule_rows: u32,
}

@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> hyper: array<Hyper>; // [R]
@group(0) @binding(2) var<storage, read> schedule: array<vec4f>; // [R, schedule_rows], w = fraction of topics open
@group(0) @binding(3) var<storage, read> counters: array<u32>; // [R, 64], word 0 = step or evaluation batch
@group(0) @binding(4) var<storage, read> cdf: array<u32>; // [R, K]
@group(0) @binding(5) var<storage, read> successors: array<u32>; // [R, K, V, 4]
@group(0) @binding(6) var<storage, read_write> inputs: array<u32>; // [R, B·T]
@group(0) @binding(7) var<storage, read_write> targets: array<u32>; // [R, B·T], MASKED where not scored
@group(0) @binding(8) var<storage, read_write> nll: array<f32>; // [R, B·T], nats, 0 where not scored

const MASKED = 0xffffffffu;
const EASY_FIRST = 1u;
const HARD_FIRST = 2u;
/// Cumulative probabilities of the first three successors, times 2^32.
const SUCCESSOR_THRESHOLDS = vec3u(3006477107u, 3650722202u, 4080218931u);
/// −log of .70, .15, .10, .05.
const CLEAN_NLL = vec4f(0.35667494393873245, 1.8971199848858813, 2.302585092994046, 2.995732273553991);

/// What differs between training and evaluation.
struct Process {
  key: vec2u,
  first_topic: u32,
  end_topic: u32,
  noise_threshold: u32,
  nll: vec4f,
  nll_other: f32,
}

fn documents_done(replica: u32) -> u32 {
  return counters[replica * 64u] * extents.batch_size;
}

/// The topic of a uniform u32, drawn from the topics [first_topic, end_topic).
fn draw_topic(x: u32, replica: u32, process: Process) -> u32 {
  let row = replica * replica_stride(extents.topics);
  var low = 0u;
  if (process.first_topic > 0u) {
    low = cdf[row + process.first_topic - 1u];
  }
  let u = low + mulhi(x, cdf[row + process.end_topic - 1u] - low);
  // The first topic whose threshold lies above u, by bisection.
  var begin = process.first_topic;
  var end = process.end_topic - 1u;
  while (begin < end) {
    let middle = (begin + end) / 2u;
    if (u < cdf[row + middle]) {
      end = middle;
    } else {
      begin = middle + 1u;
    }
  }
  return begin;
}

/// Writes row `b` of the batch: document `document` of the process.
fn sample(b: u32, document: u32, replica: u32, process: Process) {
  let vocab_size = extents.vocab_size;
  let seq_len = extents.seq_len;
  let topic = draw_topic(threefry(process.key, vec2u(document, 0u)).x, replica, process);
  let table = replica * replica_stride(extents.topics * vocab_size * 4u) + topic * vocab_size * 4u;
  let begin = replica * replica_stride(extents.batch_size * seq_len) + b * seq_len;

  inputs[begin] = vocab_size + topic;
  var previous = vec2u(0u); // s(t − 1), s(t − 2)
  for (var t = 0u; t < seq_len; t++) {
    let random = threefry(process.key, vec2u(document, 1u + t));
    var token = uniform_below(random.x, vocab_size);
    var target_token = MASKED;
    var token_nll = 0.0;
    if (t >= extents.lag) {
      let row = table + select(previous.y, previous.x, extents.lag == 1u) * 4u;
      let successor = vec4u(successors[row], successors[row + 1u], successors[row + 2u], successors[row + 3u]);
      if (random.y >= process.noise_threshold) {
        let above = select(vec3u(0u), vec3u(1u), vec3u(random.x) >= SUCCESSOR_THRESHOLDS);
        token = successor[above.x + above.y + above.z];
      }
      target_token = token;
      token_nll = process.nll_other;
      for (var rank = 0u; rank < 4u; rank++) {
        if (token == successor[rank]) {
          token_nll = process.nll[rank];
        }
      }
    }
    targets[begin + t] = target_token;
    nll[begin + t] = token_nll;
    if (t + 1u < seq_len) {
      inputs[begin + t + 1u] = token;
    }
    previous = vec2u(token, previous.x);
  }
}

@compute @workgroup_size(WORKGROUP)
fn train(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  let replica = id.z;
  if (b >= extents.batch_size) {
    return;
  }
  let row = hyper[replica];
  var document = documents_done(replica) + b;
  if (row.unique_documents > 0u) {
    document %= row.unique_documents;
  }

  // round(K · fraction of topics open), at least 1, in integers.
  let step = min(counters[replica * 64u], extents.schedule_rows - 1u);
  let fraction = schedule[replica * replica_stride4(extents.schedule_rows * 4u) + step].w;
  let open = max(1u, (extents.topics * u32(fraction * 65536.0) + 32768u) >> 16u);
  var first_topic = 0u;
  var end_topic = extents.topics;
  if (row.curriculum == EASY_FIRST) {
    end_topic = open;
  }
  if (row.curriculum == HARD_FIRST) {
    first_topic = extents.topics - open;
  }

  let key = vec2u(row.seed, STREAM_TRAIN);
  sample(b, document, replica, Process(key, first_topic, end_topic, row.noise_threshold, row.nll, row.nll_other));
}

@compute @workgroup_size(WORKGROUP)
fn evaluate(@builtin(global_invocation_id) id: vec3u) {
  let b = id.x;
  let replica = id.z;
  if (b >= extents.batch_size) {
    return;
  }
  let key = vec2u(hyper[replica].seed, STREAM_EVALUATION);
  sample(b, documents_done(replica) + b, replica, Process(key, 0u, extents.topics, 0u, CLEAN_NLL, 0.0));
}
