/** The page's theme: chosen by `?theme=`, by the reader before, or by the system. */
import type { Theme } from './store';

const KEY = 'scaling-lab-theme';
export const THEMES: readonly Theme[] = ['light', 'dark', 'projector'];

function isTheme(value: string | null): value is Theme {
  return value !== null && (THEMES as readonly string[]).includes(value);
}

function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    // A browser that forbids storage still has a theme.
    return null;
  }
}

export function initialTheme(): Theme {
  const asked = new URLSearchParams(location.search).get('theme');
  if (isTheme(asked)) return asked;
  const before = remembered();
  if (isTheme(before)) return before;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Puts a theme on the page; charts, which paint their own pixels, listen for `lab-theme`. */
export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  document.dispatchEvent(new Event('lab-theme'));
}

export function rememberTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It then lasts until the reload.
  }
}
