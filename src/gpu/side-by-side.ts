/**
 * Joins entry points of several kernels into one, so that work that does not depend on each other goes in one dispatch:
 * the first workgroups run the first kernel, the next the second, and so on. This is text alone: names of module scope
 * get a prefix a kernel, and each entry point becomes a function that is handed its builtins.
 */
import { defineKernel, kernelModule, type Kernel, type KernelModule } from './kernel';
import { reachableWords, readFunctions, type Access } from './reflect';
import type { Constants } from './specialise';

export interface Part {
  kernel: Kernel;
  constants: Constants;
  entry: string;
  /** What this part binds; those that are only read and have equal keys become one binding. */
  bindings: { name: string; key: number; access: Access }[];
}

/** The entry point that `sideBySide` makes. */
export const SIDE_BY_SIDE = 'side_by_side';

/** Name of a binding, an extent or a constant of part `index` in the joint kernel. */
export function partName(index: number, name: string): string {
  return `part${index}_${name}`;
}

/** Extent of the joint kernel: workgroups before those of part `index`, which is at least 1. */
export function partStart(index: number): string {
  return `start${index}`;
}

/**
 * The joint kernel, and by which name each part's bindings go there. All parts have one workgroup size, in x alone.
 * Its extents are those of the parts by `partName`, and `partStart` of each part but the first.
 */
export function sideBySide(parts: readonly Part[]): Joint {
  const key = JSON.stringify(parts.map(({ kernel, ...rest }) => ({ ...rest, source: kernel.source })));
  const joint = joints.get(key) ?? join(parts);
  joints.set(key, joint);
  return joint;
}

interface Joint {
  kernel: Kernel;
  names: Map<string, string>[];
}

/** Plans of one shape are built again and again, and texts are long. */
const joints = new Map<string, Joint>();

function join(parts: readonly Part[]): Joint {
  const modules = parts.map(({ kernel, constants }) => kernelModule(kernel, constants));
  const [size] = modules[0]!.entryPoints.get(parts[0]!.entry)!.workgroupSize;
  const shared = new Map<string, string>();
  const bindings: string[] = [];
  const texts: string[] = [];
  const names = parts.map((part, index) => {
    const { text, types } = reachablePart(modules[index]!, part);
    const renamed = new Map(moduleNames(text).map((name) => [name, partName(index, name)]));
    for (const { name, key, access } of part.bindings) {
      const type = rename(types.get(name)!, renamed);
      const common = access === 'read' ? `${key} ${type}` : '';
      renamed.set(name, shared.get(common) ?? partName(index, name));
      if (shared.has(common)) continue;
      if (common) shared.set(common, partName(index, name));
      const at = `@group(0) @binding(${bindings.length + 1})`;
      bindings.push(`${at} var<storage, ${access}> ${partName(index, name)}: ${type};`);
    }
    texts.push(
      rename(text, renamed).replace(/\bextents\.(\w+)/g, (_, field: string) => `extents.${partName(index, field)}`),
    );
    return renamed;
  });
  const fields = modules.flatMap(({ extents }, index) =>
    extents.map(({ name, type }) => `${partName(index, name)}: ${type}`),
  );
  const source = [
    `struct Extents { ${[...parts.slice(1).map((_, i) => `${partStart(i + 1)}: u32`), ...fields].join(', ')}, }`,
    '@group(0) @binding(0) var<uniform> extents: Extents;',
    ...bindings,
    ...texts.map(withoutAttributes),
    `@compute @workgroup_size(${size})`,
    `fn ${SIDE_BY_SIDE}(@builtin(workgroup_id) all: vec3u, @builtin(local_invocation_index) lane: u32) {`,
    ...parts.map((part, index) =>
      turnOf(index, parts.length, argumentsOf(modules[index]!.code, part.entry, size), part),
    ),
    '}',
  ].join('\n');
  const kernel = defineKernel(parts.map((part) => `${part.kernel.name}/${part.entry}`).join(' + '), source);
  const files = new Map(parts.flatMap((part) => part.kernel.files.map((file) => [file.name, file])));
  return { kernel: { ...kernel, files: [...files.values()] }, names };
}

/** What the entry point needs of its module, without directives, extents and bindings; and the bindings' types. */
function reachablePart({ code }: KernelModule, { entry }: Part): { text: string; types: Map<string, string> } {
  const types = new Map<string, string>();
  const functions = readFunctions(code);
  const words = reachableWords(entry, functions);
  let text = code;
  for (const { name, text: whole } of functions.values()) {
    if (name !== entry && !words.has(name)) text = text.replace(whole, '');
  }
  text = text
    .replace(/^(enable|diagnostic)\b[^;]*;/gm, '')
    .replace(/\bstruct Extents \{[^}]*\}/, '')
    .replace(/@group\(0\)\s*@binding\(\d+\)\s*var<[^>]*>\s*(\w+)\s*:\s*([^;]*);/g, (_, name: string, type: string) => {
      types.set(name, type);
      return '';
    });
  return { text, types };
}

/** Names that a module declares outside of functions, bindings and extents apart. */
function moduleNames(text: string): string[] {
  return [...text.matchAll(/\b(?:struct|fn|alias|var<\w+>)\s+(\w+)|^const (\w+)/gm)].map(([, a, b]) => (a ?? b)!);
}

/** Replaces whole names, but not members and swizzles, which stand behind a dot. */
function rename(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/(?<![.\w])[a-zA-Z_]\w*/g, (word) => names.get(word) ?? word);
}

/** Entry points as functions that anybody may call. */
function withoutAttributes(text: string): string {
  return text.replace(/@(compute|workgroup_size\([^)]*\)|builtin\(\w+\))\s*/g, '');
}

const BUILTINS: Record<string, (size: number) => string> = {
  workgroup_id: () => 'group',
  local_invocation_index: () => 'lane',
  global_invocation_id: (size) => `vec3u(group.x * ${size}u + lane, group.yz)`,
};

function argumentsOf(code: string, entry: string, size: number): string {
  const head = code.slice(code.search(new RegExp(`\\bfn ${entry}\\s*\\(`)));
  const builtins = head.slice(0, head.indexOf('{')).matchAll(/@builtin\((\w+)\)/g);
  return [...builtins].map(([, name]) => BUILTINS[name!]!(size)).join(', ');
}

function turnOf(index: number, count: number, handed: string, { entry }: Part): string {
  const before = index > 0 ? `extents.${partStart(index)}` : '0u';
  const conditions = [
    ...(index > 0 ? [`all.x >= ${before}`] : []),
    ...(index + 1 < count ? [`all.x < extents.${partStart(index + 1)}`] : []),
  ];
  return `  if (${conditions.join(' && ')}) {
    let group = all - vec3u(${before}, 0u, 0u);
    ${partName(index, entry)}(${handed});
  }`;
}
