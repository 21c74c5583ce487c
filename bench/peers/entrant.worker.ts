/** One library in a worker of its own: one that hangs or crashes takes nobody along. */
import * as comlink from 'comlink';
import type { Library } from './library';
import type { Entrant } from './result';

const OPEN: Record<Entrant, () => Promise<Library>> = {
  ours: async () => (await import('./ours')).openOurs(),
  'jax-js webgpu': async () => (await import('./jax')).openJax('webgpu'),
  'jax-js wasm': async () => (await import('./jax')).openJax('wasm'),
  'tfjs webgpu': async () => (await import('./tfjs')).openTfjs('webgpu'),
  'tfjs wasm': async () => (await import('./tfjs')).openTfjs('wasm'),
};

comlink.expose(async (entrant: Entrant) => comlink.proxy(await OPEN[entrant]()));
