/** A kernel is a WGSL file behind its include list, joined; specialised modules of it are cached here. */
import { reflect, type Reflection } from './reflect';
import { specialise, type Constants } from './specialise';

export interface Kernel {
  /** Name of the file. */
  name: string;
  source: string;
}

/** A kernel from the texts of its includes and its own, in this order. */
export function defineKernel(name: string, ...sources: string[]): Kernel {
  return { name, source: sources.join('\n') };
}

export interface KernelModule extends Reflection {
  code: string;
}

const modules = new Map<string, KernelModule>();

/** The kernel's text specialised to `constants`, with its reflection. */
export function kernelModule(kernel: Kernel, constants: Constants): KernelModule {
  const key = `${kernel.name} ${JSON.stringify(constants)}`;
  let found = modules.get(key);
  if (!found) {
    const code = specialise(kernel.source, constants);
    found = { code, ...reflect(code) };
    modules.set(key, found);
  }
  return found;
}
