/** Makes Node look like a secure page with WebGPU: Dawn, Chromium's implementation of it, on Mesa's lavapipe. */
import { create, globals } from 'webgpu';

const gpu = create(['backend=vulkan', 'adapter=llvmpipe', ...(process.env.DAWN ?? '').split(' ').filter(Boolean)]);
Object.assign(globalThis, globals, { isSecureContext: true });
Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true });
