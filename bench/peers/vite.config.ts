/** Builds and serves the page of the comparison, which is local only and no part of the lab's own page. */
import { defineConfig } from 'vite';

// Isolated pages may share memory between threads, which the wasm backends of both peers use when they can.
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export default defineConfig({
  base: './',
  // tfjs hands the text of a function to its threads: as it was written, it still means there what it meant here.
  build: { target: 'es2023', minify: false },
  worker: { format: 'es' },
  preview: { headers: isolated },
});
