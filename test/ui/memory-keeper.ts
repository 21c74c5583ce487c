/** A keeper whose archive forgets everything with the test. */
import { openArchive } from '../../src/archive/archive';
import { Keeper } from '../../src/ui/keeper';

export function memoryKeeper(): Keeper {
  const forbidden = () => Promise.reject(new DOMException('No store in a test.', 'SecurityError'));
  return new Keeper(() => openArchive({ open: forbidden, locks: undefined }));
}
