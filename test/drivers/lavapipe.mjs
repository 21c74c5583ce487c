// @ts-check
/**
 * Makes of Node a page with WebGPU: Dawn, which is Chromium's, on Mesa's lavapipe in place of Chromium's SwiftShader.
 * Run by itself it says in a sentence whether this machine has both, and what to install.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { create, globals } from 'webgpu';

const MISSING =
  'No lavapipe that Dawn accepts: install Mesa 25 or newer (Debian: mesa-vulkan-drivers, on bookworm from its ' +
  'backports), or set VK_ICD_FILENAMES to its ICD file, and try again.';

/** Where Linux keeps the files that name Vulkan drivers. */
const FOLDERS = ['/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d', '/usr/share/vulkan/icd.d'];

/** @returns {string | undefined} */
function findLavapipe() {
  const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder).map((name) => join(folder, name)),
  );
  return files.find((file) => /\/lvp_icd\b.*\.json$/.test(file));
}

/** Gives the global object what a page's has. */
async function openPage() {
  const icd = process.env.VK_ICD_FILENAMES ?? findLavapipe();
  if (!icd) throw new Error(MISSING);
  process.env.VK_ICD_FILENAMES = icd;
  // lavapipe makes branches of every load, and LLVM 15 takes far more than twice as long for twice as many: half the
  // lanes and no optimisation halve that. What was compiled once is in Mesa's cache.
  process.env.LP_NATIVE_VECTOR_WIDTH = '128';
  process.env.GALLIVM_PERF = 'nopt';
  const gpu = create(['backend=vulkan', 'adapter=llvmpipe']);
  if (!(await gpu.requestAdapter())) throw new Error(MISSING);
  Object.assign(globalThis, globals, { isSecureContext: true });
  Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
}

try {
  await openPage();
} catch (error) {
  if (process.argv[1] !== import.meta.filename) throw error;
  console.error(String(error instanceof Error ? error.message : error));
  process.exit(1);
}
