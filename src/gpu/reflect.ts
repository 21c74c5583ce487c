/**
 * Reads what a WGSL module declares: its bindings, which of them each entry point uses, its extents struct and
 * workgroup sizes. The WGSL is the only place where a binding is declared; ops bind by name.
 */
import { closing, evaluate, readConstants } from './specialise';

export type Access = 'uniform' | 'read' | 'read_write';

export interface Binding {
  name: string;
  index: number;
  access: Access;
}

export interface EntryPoint {
  name: string;
  workgroupSize: [number, number, number];
  /** Bindings that the entry point uses, itself or through the functions it calls; `extents` included. */
  bindings: Binding[];
  /** Workgroup memory that it uses. */
  workgroupBytes: number;
}

export interface ExtentsField {
  name: string;
  type: 'u32' | 'f32';
}

export interface Reflection {
  entryPoints: Map<string, EntryPoint>;
  extents: ExtentsField[];
}

/** Reflects a module without comments (as `specialise` leaves it). */
export function reflect(code: string): Reflection {
  const bindings = readBindings(code);
  const functions = readFunctions(code);
  const arrays = readWorkgroupArrays(code);
  const entryPoints = new Map<string, EntryPoint>();
  for (const { name, attributes } of functions.values()) {
    const size = /@workgroup_size\(([^)]*)\)/.exec(attributes);
    if (!size) continue;
    const [x = 1, y = 1, z = 1] = size[1]!.split(',').map((part) => readSize(code, part.trim()));
    const words = reachableWords(name, functions);
    entryPoints.set(name, {
      name,
      workgroupSize: [x, y, z],
      bindings: bindings.filter((binding) => words.has(binding.name)),
      workgroupBytes: arrays.reduce((sum, { name, bytes }) => sum + (words.has(name) ? bytes : 0), 0),
    });
  }
  return { entryPoints, extents: readExtents(code) };
}

function readBindings(code: string): Binding[] {
  const pattern = /@group\(0\)\s*@binding\((\d+)\)\s*var<(uniform|storage)(?:,\s*(read_write|read))?>\s*(\w+)\s*:/g;
  return [...code.matchAll(pattern)].map(([, index, space, access, name]) => ({
    name: name!,
    index: Number(index),
    access: space === 'uniform' ? 'uniform' : ((access ?? 'read') as Access),
  }));
}

/** Bytes of an element of an array in workgroup memory. */
const ELEMENT_BYTES: Record<string, number> = { u32: 4, f32: 4, vec2f: 8, vec4f: 16 };

function readWorkgroupArrays(code: string): { name: string; bytes: number }[] {
  const constants = readConstants(code);
  return [...code.matchAll(/\bvar<workgroup>\s*(\w+)\s*:\s*array<(\w+),\s*([^;]*)>;/g)].map(
    ([, name, type, length]) => {
      const bytes = Number(evaluate(length!, constants)) * ELEMENT_BYTES[type!]!;
      if (Number.isNaN(bytes)) throw new Error(`reflect: nobody knows the size of ${name}`);
      return { name: name!, bytes };
    },
  );
}

interface WgslFunction {
  name: string;
  attributes: string;
  /** All of it, attributes included. */
  text: string;
  words: Set<string>;
}

export function readFunctions(code: string): Map<string, WgslFunction> {
  const functions = new Map<string, WgslFunction>();
  for (const match of code.matchAll(/((?:@\w+(?:\([^)]*\))?\s*)*)\bfn (\w+)\s*\(/g)) {
    const parameters = closing(code, match.index + match[0].length - 1);
    const open = code.indexOf('{', parameters);
    const end = closing(code, open);
    const body = code.slice(open, end);
    functions.set(match[2]!, {
      name: match[2]!,
      text: code.slice(match.index, end),
      attributes: match[1]!, // Members and swizzles, behind a dot, are no bindings.
      words: new Set(body.match(/(?<![.\w])[a-zA-Z_]\w*/g)),
    });
  }
  return functions;
}

/** Every word in the bodies of a function and of all the functions that it calls. */
export function reachableWords(entry: string, functions: Map<string, WgslFunction>): Set<string> {
  const words = new Set<string>();
  const pending = [entry];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    for (const word of functions.get(name)!.words) {
      if (words.has(word)) continue;
      words.add(word);
      if (functions.has(word)) pending.push(word);
    }
  }
  return words;
}

function readSize(code: string, text: string): number {
  if (/^\d+u?$/.test(text)) return Number.parseInt(text, 10);
  const constant = new RegExp(`\\bconst ${text} = (\\d+)u?;`).exec(code);
  if (!constant) throw new Error(`reflect: workgroup size ${text} is not a literal constant`);
  return Number(constant[1]);
}

function readExtents(code: string): ExtentsField[] {
  const struct = /\bstruct Extents \{([^}]*)\}/.exec(code);
  if (!struct) return [];
  return [...struct[1]!.matchAll(/(\w+)\s*:\s*(u32|f32)\s*,?/g)].map(([, name, type]) => ({
    name: name!,
    type: type as 'u32' | 'f32',
  }));
}
