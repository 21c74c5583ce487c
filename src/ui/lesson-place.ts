/** Which lesson is open, beyond a reload. Where storage is forbidden, it lasts until the reload. */

const KEY = 'scaling-lab-lesson';

/** Reads a value of this page's; undefined where there is none, or storage is forbidden. */
export function stored(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value, or with undefined forgets it. */
export function store(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Forbidden or full: the lesson goes on without.
  }
}

export function openLesson(): string | undefined {
  return stored(KEY);
}

export function rememberLesson(id: string | undefined): void {
  store(KEY, id);
}
