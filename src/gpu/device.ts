/** Getting a device. The only file of the engine that knows `navigator`; all others take a `GPUDevice`. */
import type { DeviceInfo, ProbeRow } from '../protocol';
import { engineText } from '../text/engine';
import { LabError } from './errors';
import { hasNeighbours, PROFILES, type KernelProfile } from './profile';

export interface OpenedDevice {
  device: GPUDevice;
  info: DeviceInfo;
  profile: KernelProfile;
  /**
   * Whether plans join dispatches that do not depend on each other. It changes no bit. A GPU waits between dispatches; a
   * software adapter goes through the masked text of all that is joined, and compiles it for long.
   */
  bundled: boolean;
}

/** Times the kernels of some profiles, and names the profile that is to be used. */
export type Probe = (device: GPUDevice) => Promise<{ profile: KernelProfile; rows: ProbeRow[] }>;

export interface OpenOptions {
  /** Name of a kernel profile, in place of a choice. */
  kernels?: string | undefined;
  /** Chooses where the adapter itself does not; without it, kernels that are right everywhere. */
  probe?: Probe;
}

/** Asks for the fastest adapter and a device with default limits. Throws a LabError in words. */
export async function openDevice({ kernels, probe }: OpenOptions = {}): Promise<OpenedDevice> {
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
  const neighbours = hasNeighbours(adapter);
  const asked = kernels === undefined ? undefined : namedProfile(kernels, neighbours);
  const device = await adapter
    .requestDevice({ requiredFeatures: neighbours ? ['subgroups'] : [] })
    .catch((cause: unknown) => {
      throw new LabError('no-adapter', engineText.noDevice(String(cause)));
    });
  if (asked) return opened(device, asked, describeAdapter(adapter, asked, 'request'));
  if (neighbours || !probe) {
    const profile = neighbours ? 'subgroup' : 'register';
    return opened(device, profile, describeAdapter(adapter, profile, 'adapter'));
  }
  const { profile, rows } = await probe(device);
  return opened(device, profile, describeAdapter(adapter, profile, 'probe', rows));
}

function opened(device: GPUDevice, profile: KernelProfile, info: DeviceInfo): OpenedDevice {
  return { device, info, profile, bundled: !info.software };
}

/** The profile of this name. Throws a LabError where there is none, or where this adapter cannot run it. */
export function namedProfile(name: string, neighbours: boolean): KernelProfile {
  const profile = PROFILES.find((each) => each === name);
  if (!profile) throw new LabError('kernels', engineText.noSuchKernels(name, PROFILES));
  if (profile === 'subgroup' && !neighbours) throw new LabError('kernels', engineText.kernelsNotHere(name));
  return profile;
}

function describeAdapter(
  adapter: GPUAdapter,
  kernelProfile: KernelProfile,
  kernelsBy: DeviceInfo['kernelsBy'],
  probe: ProbeRow[] = [],
): DeviceInfo {
  const { vendor, architecture, description, device } = adapter.info;
  const software =
    adapter.info.isFallbackAdapter ||
    /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${architecture} ${description} ${device}`);
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  return {
    name: software ? `${name} (software, on the CPU)` : name,
    ...{ vendor, architecture, software, kernelProfile, kernelsBy, probe },
    features: [...adapter.features].sort(),
  };
}
