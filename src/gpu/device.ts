/** Getting a device. The only file of the engine that knows `navigator`; all others take a `GPUDevice`. */
import type { DeviceInfo } from '../protocol';
import { LabError } from './errors';
import { KERNEL_PROFILE } from './profile';

export interface OpenedDevice {
  device: GPUDevice;
  info: DeviceInfo;
}

/** Asks for the fastest adapter and a device with default limits. Throws a LabError in words. */
export async function openDevice(): Promise<OpenedDevice> {
  if (!isSecureContext) {
    throw new LabError(
      'insecure-context',
      'This page was opened over plain http, where browsers switch WebGPU off. Open it over https, or as http://localhost on this machine.',
    );
  }
  // Typed as always present, but absent in browsers without WebGPU.
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (!gpu) {
    throw new LabError('no-webgpu', 'This browser has no WebGPU. Open the page in a current Chrome or Edge.');
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new LabError(
      'no-adapter',
      'The browser found no graphics adapter for WebGPU. Switch on hardware acceleration in its settings, update the graphics driver, or use another machine.',
    );
  }
  const device = await adapter.requestDevice().catch((cause: unknown) => {
    throw new LabError(
      'no-adapter',
      `The graphics adapter gave no device (${String(cause)}). Restart the browser and try again.`,
    );
  });
  return { device, info: describeAdapter(adapter) };
}

function describeAdapter(adapter: GPUAdapter): DeviceInfo {
  const { vendor, architecture, description, device } = adapter.info;
  const software =
    adapter.info.isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${architecture} ${description} ${device}`);
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  return {
    name: software ? `${name} (software, on the CPU)` : name,
    vendor,
    architecture,
    software,
    kernelProfile: KERNEL_PROFILE,
    features: [...adapter.features].sort(),
  };
}
