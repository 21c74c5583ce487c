/** What PyTorch computed, as decoder.py wrote it. */
import type { RunSpec } from '../../src/config/run-spec';
import frozen from './frozen.json';
import odd from './odd.json';
import race from './race.json';
import single from './single.json';
import small from './small.json';
import sparse from './sparse.json';
import table from './table.json';

/** One step's logits [B·T, V] and gradients before clipping, each base64 of float32; '' is all zeros. */
export interface Probe {
  logits: string;
  gradients: Record<string, string>;
}

export interface OracleFixture {
  spec: RunSpec;
  /** Version of PyTorch. */
  torch: string;
  /** Of each step, before its update. */
  losses: number[];
  gradNorms: number[];
  lrs: number[];
  /** Step 0, at which the head is still 0 and so alone has a gradient, but for what a router's losses push on. */
  first: Probe;
  /** Step PROBE_STEP of cases.ts. */
  probe: Probe;
  /** Euclidean norm of every parameter after the last step. */
  finalNorms: Record<string, number>;
}

export const oracleFixtures = { race, small, odd, sparse, single, frozen, table } as unknown as Record<
  string,
  OracleFixture
>;

/** The numbers of a base64 string of little-endian float32. */
export function decodeFloat32(encoded: string): Float32Array<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
