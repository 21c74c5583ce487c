import { Allocator } from '../src/gpu/allocator';
import { openDevice, type OpenedDevice } from '../src/gpu/device';

let opened: Promise<OpenedDevice> | undefined;

/** One device for all tests: its pipelines are cached. Validation errors fail the test that asks. */
export function testOpened(): Promise<OpenedDevice> {
  opened ??= openDevice();
  return opened;
}

export async function testDevice(): Promise<GPUDevice> {
  return (await testOpened()).device;
}

/** Runs `body` with an allocator of its own, and fails on any GPU error or leaked buffer. */
export async function withAllocator<T>(body: (allocator: Allocator) => Promise<T>): Promise<T> {
  const device = await testDevice();
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  const allocator = new Allocator(device);
  const result = await body(allocator);
  for (let i = 0; i < 2; i++) {
    const error = await device.popErrorScope();
    if (error) throw new Error(error.message);
  }
  if (allocator.liveBytes !== 0) throw new Error(`${allocator.liveBytes} bytes of GPU memory were not released`);
  return result;
}
