// Every tensor is `[R, …]`; each replica's part is padded to 64 floats (256 bytes, the offset alignment).

/// Floats from one replica's part of a tensor of `size` floats to the next one's.
fn replica_stride(size: u32) -> u32 {
  return (size + 63u) & ~63u;
}

/// The same in vec4s.
fn replica_stride4(size: u32) -> u32 {
  return replica_stride(size) / 4u;
}
