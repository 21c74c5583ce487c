/** A kernel is a WGSL file behind its include list, joined; specialised modules of it are cached here. */
import { reflect, type Reflection } from './reflect';
import { specialise, type Constants } from './specialise';

export interface Kernel {
  /** Name of the file. */
  name: string;
  source: string;
  /** Files that it was made from, as they stand in shaders/, without their includes. */
  files: readonly { name: string; text: string }[];
}

const ENABLE_SUBGROUPS = /^enable subgroups;$/m;

/** A kernel from the texts of its includes and its own, in this order. */
export function defineKernel(name: string, ...sources: string[]): Kernel {
  return { name, source: sources.join('\n'), files: [{ name, text: sources.at(-1) ?? '' }] };
}

/**
 * Directives must come first, and an extension may be enabled only where the device has it: so the directive is
 * taken from its place and put back, in front of all, if the specialised text exchanges anything at all.
 */
function hoistDirectives(code: string): string {
  const rest = code.replace(ENABLE_SUBGROUPS, '');
  if (!/\b(subgroup|quad)[A-Z]\w*\(/.test(rest)) return rest;
  // Whole subgroups run through these kernels together, which the compiler cannot see.
  return `enable subgroups;\ndiagnostic(off, subgroup_uniformity);\n${rest}`;
}

export interface KernelModule extends Reflection {
  code: string;
}

const modules = new Map<string, KernelModule>();

/** The kernel's text specialised to `constants`, with its reflection. */
export function kernelModule(kernel: Kernel, constants: Constants): KernelModule {
  const key = `${JSON.stringify(constants)} ${kernel.source}`;
  let found = modules.get(key);
  if (!found) {
    const code = hoistDirectives(specialise(kernel.source, constants));
    found = { code, ...reflect(code) };
    modules.set(key, found);
  }
  return found;
}
