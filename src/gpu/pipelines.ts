/** Compute pipelines, compiled asynchronously and cached by device, text and entry point. */
import { engineText } from '../text/engine';
import { LabError } from './errors';
import type { KernelModule } from './kernel';
import type { Access } from './reflect';

export interface PipelineRequest {
  label: string;
  module: KernelModule;
  entry: string;
}

const caches = new WeakMap<GPUDevice, Map<string, Promise<GPUComputePipeline>>>();
const shaderModules = new WeakMap<GPUDevice, Map<string, GPUShaderModule>>();

/** The pipeline of one entry point; compiled at most once for a device. Rejects with a LabError. */
export function pipeline(device: GPUDevice, request: PipelineRequest): Promise<GPUComputePipeline> {
  const cache = cached(caches, device);
  const key = `${request.entry}\n${request.module.code}`;
  let found = cache.get(key);
  if (!found) {
    found = compile(device, request);
    cache.set(key, found);
  }
  return found;
}

function cached<V>(store: WeakMap<GPUDevice, Map<string, V>>, device: GPUDevice): Map<string, V> {
  let map = store.get(device);
  if (!map) {
    map = new Map();
    store.set(device, map);
  }
  return map;
}

async function compile(device: GPUDevice, { label, module, entry }: PipelineRequest): Promise<GPUComputePipeline> {
  const modules = cached(shaderModules, device);
  let shader = modules.get(module.code);
  if (!shader) {
    shader = device.createShaderModule({ label, code: module.code });
    modules.set(module.code, shader);
  }
  const entries = module.entryPoints.get(entry)!.bindings.map(({ index, access }) => ({
    binding: index,
    visibility: GPUShaderStage.COMPUTE,
    buffer: { type: BUFFER_TYPES[access] },
  }));
  // Explicit layouts: what `auto` leaves out would otherwise depend on the compiler.
  const bindGroupLayout = device.createBindGroupLayout({ label, entries });
  const layout = device.createPipelineLayout({ label, bindGroupLayouts: [bindGroupLayout] });
  try {
    return await device.createComputePipelineAsync({ label, layout, compute: { module: shader, entryPoint: entry } });
  } catch (cause) {
    const { messages } = await shader.getCompilationInfo();
    const details = messages.map((m) => `line ${m.lineNum}: ${m.message}`).join('; ') || String(cause);
    throw new LabError('shader', engineText.doesNotCompile(label, details));
  }
}

const BUFFER_TYPES: Record<Access, GPUBufferBindingType> = {
  uniform: 'uniform',
  read: 'read-only-storage',
  read_write: 'storage',
};
