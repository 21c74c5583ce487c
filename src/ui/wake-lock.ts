/** Keeps the screen awake while runs are under way. */
import { isActive, type Store } from './store';

export function keepAwake(store: Store): void {
  let lock: WakeLockSentinel | undefined;
  let asked = false;
  const follow = (): void => {
    const wanted = isActive(store.state.phase) && document.visibilityState === 'visible';
    if (wanted && !lock && !asked && 'wakeLock' in navigator) {
      asked = true;
      navigator.wakeLock
        .request('screen')
        .then((taken) => {
          lock = taken;
          taken.addEventListener('release', () => {
            lock = undefined;
          });
        })
        // Refused where the battery is low or a frame may not: training goes on all the same.
        .catch(() => undefined)
        .finally(() => {
          asked = false;
          if (!isActive(store.state.phase)) void lock?.release();
        });
    } else if (!wanted) void lock?.release();
  };
  store.subscribe(follow);
  // The browser takes it away from a page that is hidden.
  document.addEventListener('visibilitychange', follow);
}
