// Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
// 1, 2, 3", 2011): two uniform u32 as a pure function of key and counter. The same bits as src/math/rng.ts.

// Second word of every key; the first is the run's seed.
const STREAM_TRAIN = 1u;
const STREAM_EVALUATION = 2u;
const STREAM_TABLES = 3u;
const STREAM_WEIGHTS = 4u;
const STREAM_ROUTES = 5u;
const STREAM_WRITING = 7u;

fn rotate_left(x: u32, bits: u32) -> u32 {
  return (x << bits) | (x >> (32u - bits));
}

fn threefry_round(v: vec2u, bits: u32) -> vec2u {
  let x = v.x + v.y;
  return vec2u(x, rotate_left(v.y, bits) ^ x);
}

fn threefry_even_rounds(v: vec2u) -> vec2u {
  return threefry_round(threefry_round(threefry_round(threefry_round(v, 13u), 15u), 26u), 6u);
}

fn threefry_odd_rounds(v: vec2u) -> vec2u {
  return threefry_round(threefry_round(threefry_round(threefry_round(v, 17u), 29u), 16u), 24u);
}

/// Two uniform u32 for this key and counter.
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let parity = 0x1bd11bdau ^ key.x ^ key.y;
  var v = counter + key;
  v = threefry_even_rounds(v) + vec2u(key.y, parity + 1u);
  v = threefry_odd_rounds(v) + vec2u(parity, key.x + 2u);
  v = threefry_even_rounds(v) + vec2u(key.x, key.y + 3u);
  v = threefry_odd_rounds(v) + vec2u(key.y, parity + 4u);
  return threefry_even_rounds(v) + vec2u(parity, key.x + 5u);
}

/// Upper 32 bits of the 64-bit product of two u32, from four 16-bit by 16-bit products.
fn mulhi(a: u32, b: u32) -> u32 {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let middle = a1 * b0 + ((a0 * b0) >> 16u);
  return a1 * b1 + (middle >> 16u) + ((a0 * b1 + (middle & 0xffffu)) >> 16u);
}

/// Maps a uniform u32 to a uniform integer in [0, n). Off by at most n / 2^32 in probability.
fn uniform_below(x: u32, n: u32) -> u32 {
  return mulhi(x, n);
}
