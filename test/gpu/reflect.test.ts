import { describe, expect, it } from 'vitest';
import { reflect } from '../../src/gpu/reflect';
import { kernelSources } from './shaders';

const CODE = `
const WIDE = 32u;
struct Extents {
  rows: u32,
  scale: f32,
}
@group(0) @binding(0) var<uniform> extents: Extents;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> c: array<f32>;
var<workgroup> shared_sums: array<f32, WIDE>;

fn inner(i: u32) -> f32 { return a[i]; }
fn outer(i: u32) -> f32 { return inner(i) * extents.scale; }

@compute @workgroup_size(WIDE)
fn first(@builtin(global_invocation_id) id: vec3u) { c[id.x] = outer(id.x); }

@compute @workgroup_size(8, 4)
fn second(@builtin(global_invocation_id) id: vec3u) { c[id.x] = colour.b + f32(id.y); }

@compute @workgroup_size(2, 3u, 4)
fn third(@builtin(global_invocation_id) id: vec3u) { c[id.x] = b[id.y]; }
`;

describe('reflect', () => {
  const { entryPoints, extents } = reflect(CODE);
  const names = (entry: string) => entryPoints.get(entry)!.bindings.map(({ name }) => name);

  it('finds entry points and their workgroup sizes, literal or constant', () => {
    expect([...entryPoints.keys()]).toEqual(['first', 'second', 'third']);
    const sizes = [...entryPoints.values()].map(({ workgroupSize }) => workgroupSize);
    expect(sizes).toEqual([
      [32, 1, 1],
      [8, 4, 1],
      [2, 3, 4],
    ]);
  });

  it('finds bindings through the functions that are called', () => {
    expect(names('first')).toEqual(['extents', 'a', 'c']);
    expect(names('third')).toEqual(['b', 'c']);
  });

  it('adds up the workgroup memory that an entry point uses', () => {
    const used = reflect(CODE.replace('c[id.x] = outer(id.x);', 'shared_sums[id.x] = outer(id.x);')).entryPoints;
    expect([...used.values()].map(({ workgroupBytes }) => workgroupBytes)).toEqual([32 * 4, 0, 0]);
  });

  it('takes no member for a binding', () => {
    expect(names('second')).toEqual(['c']);
  });

  it('reads index and access', () => {
    const bindings = [...entryPoints.get('first')!.bindings, ...entryPoints.get('third')!.bindings];
    expect(bindings.map(({ name, index, access }) => `${name} ${index} ${access}`)).toEqual([
      ...['extents 0 uniform', 'a 1 read', 'c 3 read_write'],
      ...['b 2 read', 'c 3 read_write'],
    ]);
  });

  it('reads the extents in their order', () => {
    expect(extents).toEqual([
      { name: 'rows', type: 'u32' },
      { name: 'scale', type: 'f32' },
    ]);
    expect(reflect('fn f() { }').extents).toEqual([]);
  });

  it('refuses a workgroup size that it cannot read', () => {
    expect(() => reflect('@compute @workgroup_size(N)\nfn f() { }')).toThrow('workgroup size N');
  });
});

it.each(kernelSources)('%s: bindings are distinct, and each is used by an entry point', (_name, source) => {
  // Constants rule out branches, and with them bindings: here all branches stay.
  const { entryPoints } = reflect(source.replace(/\/\/.*/g, ''));
  const declared = [...source.matchAll(/@binding\((\d+)\) var<[^>]*> (\w+):/g)].map(([, index, name]) => [index, name]);
  expect(new Set(declared.map(([index]) => index)).size).toBe(declared.length);
  expect(entryPoints.size).toBeGreaterThan(0);
  const used = new Set([...entryPoints.values()].flatMap(({ bindings }) => bindings.map(({ name }) => name)));
  expect(declared.map(([, name]) => name!).filter((name) => !used.has(name))).toEqual([]);
});
