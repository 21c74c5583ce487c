import type { BenchWorker } from '../bench-result';
import { Allocator } from '../gpu/allocator';
import { openDevice } from '../gpu/device';
import { multiplyAddCeiling } from './ceilings';
import { timeDispatches } from './steps';

/** A median of three: a reader waits. */
const ROUNDS = 3;

/** Times a training step dispatch by dispatch, on a device and a state of its own; nothing that trains is touched. */
export const stepTimes: BenchWorker['step'] = async (specs, kernels, onProgress) => {
  const { device, profile, bundled } = await openDevice({ kernels });
  try {
    const allocator = new Allocator(device);
    const ceiling = await multiplyAddCeiling(allocator);
    const before = await ceiling();
    const { times } = await timeDispatches(
      { allocator, profile, bundled, rounds: ROUNDS },
      specs,
      ({ index }, count) => {
        onProgress(index, count);
      },
    );
    return { milliseconds: times, multiplyAdd: (before + (await ceiling())) / 2 };
  } finally {
    device.destroy();
  }
};
