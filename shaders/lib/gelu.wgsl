// GELU is the tanh form of Hendrycks & Gimpel 2016 (arXiv 1606.08415), written with exp: `tanh` is slower, and NaN at
// 100 on some adapters.

/// ½·(1 + tanh u) = 1 / (1 + exp(−2u)) with u = √(2/π)·(x + 0.044715·x³): gelu(x) = x · gate.
fn gelu_gate(x: vec4f) -> vec4f {
  let twice = clamp(1.5957691216 * (x + 0.044715 * x * x * x), vec4f(-60.0), vec4f(60.0));
  return 1.0 / (1.0 + exp(-twice));
}

/// Derivative of gelu, given its gate.
fn gelu_slope(x: vec4f, gate: vec4f) -> vec4f {
  return gate + x * gate * (1.0 - gate) * 1.5957691216 * (1.0 + 0.134145 * x * x);
}
