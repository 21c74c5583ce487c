import { canonicalJson, type RunSpec } from '../config/run-spec';
import { NUMERICS_VERSION, type KernelProfile } from '../gpu/profile';

/** Hash of all that decides a run's numbers on one adapter: 16 hexadecimal digits of SHA-256. */
export function runIdentity(spec: RunSpec, profile: KernelProfile): Promise<string> {
  return hash(canonicalJson({ spec, numerics: NUMERICS_VERSION, profile }));
}

/** Hash of the identities of a cohort's runs, in order: a state of one cohort fits no other. */
export async function cohortKey(specs: RunSpec[], profile: KernelProfile): Promise<string> {
  return hash(canonicalJson(await Promise.all(specs.map((spec) => runIdentity(spec, profile)))));
}

async function hash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest).slice(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
