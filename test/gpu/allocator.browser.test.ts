import { expect, test } from 'vitest';
import { Allocator } from '../../src/gpu/allocator';
import { testDevice, withAllocator } from '../device';

test('live bytes follow what is created and destroyed', async () => {
  await withAllocator((allocator) => {
    const first = allocator.storage('first', 1000);
    const second = allocator.upload('second', new Float32Array(5));
    const uniform = allocator.create('uniform', 3, GPUBufferUsage.UNIFORM);
    expect([first.size, second.size, uniform.size]).toEqual([1008, 32, 16]); // whole multiples of 16
    expect(allocator.liveBytes).toBe(1008 + 32 + 16);
    allocator.destroy(first);
    expect(allocator.liveBytes).toBe(48);
    allocator.destroy(first); // a second time changes nothing
    expect(allocator.liveBytes).toBe(48);
    for (const buffer of [second, uniform]) allocator.destroy(buffer);
    return Promise.resolve();
  });
});

test('a leak fails the test in which it happens', async () => {
  let leaked: GPUBuffer | undefined;
  const leak = withAllocator((allocator) => Promise.resolve((leaked = allocator.storage('leaked', 64))));
  await expect(leak).rejects.toThrow('64 bytes');
  leaked?.destroy();
});

test('what no buffer can hold is refused in words, and nothing is allocated', async () => {
  const allocator = new Allocator(await testDevice());
  const create = () => allocator.storage('params', 200 * 2 ** 20);
  expect(create).toThrow(/params needs 200\sMiB in one buffer, but this device allows 128\sMiB/);
  expect(create).toThrow(expect.objectContaining({ name: 'LabError/memory' }) as Error);
  expect(() => allocator.storage('m', 128 * 2 ** 20 + 1)).toThrow(/m needs 128\sMiB/);
  expect(allocator.liveBytes).toBe(0);
});
