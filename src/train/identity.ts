import { canonicalJson, type RunSpec } from '../config/run-spec';
import { NUMERICS_VERSION, type KernelProfile } from '../gpu/profile';

/** Hash of all that decides a run's numbers on one adapter: 16 hexadecimal digits of SHA-256. */
export async function runIdentity(spec: RunSpec, profile: KernelProfile): Promise<string> {
  const text = canonicalJson({ spec, numerics: NUMERICS_VERSION, profile });
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
