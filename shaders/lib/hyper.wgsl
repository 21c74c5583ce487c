// One replica's row of numbers, written by the CPU between submits and read by kernels while a plan
// replays. 64 words long, like every replica's part of every tensor. src/train/hyper-row.ts packs it.
struct Hyper {
  lr: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  weight_decay: f32,
  clip_norm: f32, // 0: no clipping
  seed: u32,
  noise_threshold: u32, // a training token is replaced when a uniform u32 lies below this
  unique_documents: u32, // 0: documents never repeat
  curriculum: u32, // 0 shuffled, 1 easy-first, 2 hard-first
  nll_other: f32, // −log p of a token that is none of the four successors
  balance_loss: f32, // weight of a router's load-balancing loss
  nll: vec4f, // −log p of the four successors
  z_loss: f32, // weight of a router's z-loss
  bias_rate: f32, // step of a router's biases
  unused: vec2u,
  padding: array<vec4f, 11>,
}
