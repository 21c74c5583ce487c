import { describe, expect, it } from 'vitest';
import { PlanBuilder } from '../../src/plan/builder';
import { seed, toy, toyKernel, twoOutputs } from './toy';

/** Labels and accumulate flags of the dispatches. */
function flags(b: PlanBuilder): string[] {
  return b.dispatches.map(({ label, extents }) => `${label}: ${extents.accumulate_dx}`);
}

describe('dispatch', () => {
  const b = new PlanBuilder(3, true);
  const x = b.parameter('x', [5, 7], 0);
  const y = b.tensor('y', [5, 7]);
  const extents = { size: 35, accumulate_dx: 0 };

  it('derives the grid from the workgroup size, with the replicas in z', () => {
    b.dispatch(toyKernel, 'forward', { x, y }, extents, 35, { flops: 10 });
    expect(b.dispatches.at(-1)).toMatchObject({ grid: [3, 1, 3], flops: 30, label: 'toy' });
    b.dispatch(toyKernel, 'forward', { x, y }, extents, [33, 2], { replicas: 1 });
    expect(b.dispatches.at(-1)!.grid).toEqual([3, 2, 1]);
  });

  it('binds by name', () => {
    const bound = b.dispatches[0]!.bindings.map(({ name, index, access }) => `${name} ${index} ${access}`);
    expect(bound).toEqual(['x 1 read', 'y 2 read_write']);
  });

  it.each([
    ['an unknown entry point', 'sideways', { x, y }, extents, 'toy.wgsl has no entry point sideways'],
    ['an unknown name', 'forward', { x, y, weight: x }, extents, 'toy/forward has no binding weight'],
    ['a name of another entry point', 'forward', { x, y, dy: x }, extents, 'toy/forward has no binding dy'],
    ['a missing tensor', 'forward', { x }, extents, 'toy/forward needs a tensor for y'],
    ['a missing extent', 'forward', { x, y }, { size: 35 }, 'was given size'],
    ['an unknown extent', 'forward', { x, y }, { ...extents, rows: 1 }, 'was given accumulate_dx, rows, size'],
  ])('refuses %s', (_what, entry, bound, given, message) => {
    const count = b.dispatches.length;
    expect(() => b.dispatch(toyKernel, entry, bound, given, 1)).toThrow(message);
    expect(b.dispatches).toHaveLength(count);
  });
});

describe('differentiate', () => {
  it('runs the ops backwards; the first writer of a gradient stores, later ones accumulate', () => {
    const b = new PlanBuilder(1, true);
    const x = b.parameter('x', [4], 0);
    const outputs = ['first', 'second', 'third'].map((name) => toy(b, x, name));
    for (const y of outputs) b.passGradient(y, seed(b, [4]));
    b.differentiate();
    expect(flags(b).slice(3)).toEqual(['backward / third dx: 0', 'backward / second dx: 1', 'backward / first dx: 1']);
    const written = b.dispatches.slice(3).map(({ bindings }) => bindings.at(-1)!.tensor);
    expect(new Set(written)).toEqual(new Set([b.gradientOf(x)]));
    expect(b.gradientOf(x)!.home).toEqual({ kind: 'slab', slab: 'grads', offset: 0 });
  });

  it('follows a chain, and leaves out what has no gradient', () => {
    const b = new PlanBuilder(1, true);
    const x = b.parameter('x', [4], 0);
    const y = toy(b, x, 'used');
    toy(b, x, 'unused');
    const end = toy(b, y, 'end');
    b.passGradient(end, seed(b, [4]));
    b.differentiate();
    expect(flags(b).slice(3)).toEqual(['backward / end dx: 0', 'backward / used dx: 0']);
    expect(b.dispatches.at(-1)!.bindings[0]!.tensor).toBe(b.gradientOf(y));
  });

  it('puts scopes before labels and names, forward and backward', () => {
    const b = new PlanBuilder(1, true);
    const x = b.parameter('x', [4], 0);
    const y = b.scope('layer 0', () => b.scope('mlp', () => toy(b, x)));
    expect(y.name).toBe('layer 0 / mlp / y');
    b.passGradient(y, seed(b, [4]));
    b.differentiate();
    expect(b.dispatches.map(({ label }) => label)).toEqual(['layer 0 / mlp / y', 'layer 0 / mlp / backward / y dx']);
    expect(b.tensor('after', [1]).name).toBe('after');
  });

  it('records nothing for evaluation', () => {
    const b = new PlanBuilder(1, false);
    const y = toy(b, b.parameter('x', [4], 0));
    b.passGradient(y, seed(b, [4]));
    b.differentiate();
    expect(b.dispatches).toHaveLength(1);
  });
});

describe('passGradient', () => {
  it('aliases: a later writer accumulates into the gradient that was passed', () => {
    const b = new PlanBuilder(1, true);
    const x = b.parameter('x', [4], 0);
    const y = toy(b, x);
    const dy = seed(b, [4]);
    b.passGradient(y, dy);
    b.passGradient(x, dy);
    b.differentiate();
    expect(b.gradientOf(x)).toBe(dy);
    expect(flags(b).at(-1)).toBe('backward / y dx: 1');
  });

  it('is refused once others have written', () => {
    const b = new PlanBuilder(1, true);
    const x = b.parameter('x', [4], 0);
    b.grad(x);
    expect(() => b.passGradient(x, seed(b, [4]))).toThrow('x has a gradient already');
  });
});

describe('an op with two outputs', () => {
  it('runs its backward when both have a gradient, and gets them in order', () => {
    const b = new PlanBuilder(1, true);
    const seen: string[] = [];
    const { y, z } = twoOutputs(b, b.parameter('x', [4], 0), seen);
    const [fromY, fromZ] = [toy(b, y, 'from y'), toy(b, z, 'from z')];
    b.passGradient(fromY, seed(b, [4]));
    b.passGradient(fromZ, seed(b, [4]));
    b.differentiate();
    expect(seen).toEqual(['backward / d y', 'backward / d z']);
  });

  it('has no backward while one of them has none', () => {
    const b = new PlanBuilder(1, true);
    const seen: string[] = [];
    const { y } = twoOutputs(b, b.parameter('x', [4], 0), seen);
    b.passGradient(y, seed(b, [4]));
    b.differentiate();
    expect(seen).toEqual([]);
  });
});
