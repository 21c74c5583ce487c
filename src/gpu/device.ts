/** Getting a device. The only file of the engine that knows `navigator`; all others take a `GPUDevice`. */
import type { DeviceInfo } from '../protocol';
import { engineText } from '../text/engine';
import { LabError } from './errors';
import { kernelProfile, type KernelProfile } from './profile';

export interface OpenedDevice {
  device: GPUDevice;
  info: DeviceInfo;
  profile: KernelProfile;
}

/** Asks for the fastest adapter and a device with default limits. Throws a LabError in words. */
export async function openDevice(): Promise<OpenedDevice> {
  if (!isSecureContext) {
    throw new LabError('insecure-context', engineText.insecureContext);
  }
  // Typed as always present, but absent in browsers without WebGPU.
  const gpu = (navigator as { gpu?: GPU }).gpu;
  if (!gpu) {
    throw new LabError('no-webgpu', engineText.noWebGpu);
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new LabError('no-adapter', engineText.noAdapter);
  }
  const profile = kernelProfile(adapter);
  const device = await adapter
    .requestDevice({ requiredFeatures: profile === 'subgroup' ? ['subgroups'] : [] })
    .catch((cause: unknown) => {
      throw new LabError('no-adapter', engineText.noDevice(String(cause)));
    });
  return { device, info: describeAdapter(adapter, profile), profile };
}

function describeAdapter(adapter: GPUAdapter, profile: KernelProfile): DeviceInfo {
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
    kernelProfile: profile,
    features: [...adapter.features].sort(),
  };
}
