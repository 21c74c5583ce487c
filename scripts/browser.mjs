// @ts-check
/**
 * Finds a Chromium-family browser on this machine. Plain JavaScript without dependencies, because setup.mjs
 * needs it before any package is installed; vite.config.ts and the terminal commands use it too.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What keeps a headless Chromium quiet, and lets it start as root in a container. */
const QUIET = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Flags for WebGPU. The software adapter needs no GPU and gives every machine the same numbers, so tests use it.
 * @param {'software' | 'hardware'} adapter
 */
export function browserFlags(adapter) {
  const choice = adapter === 'software' ? ['--use-webgpu-adapter=swiftshader'] : [];
  // Vulkan is what Chromium's WebGPU uses on Linux, where it is not on by default.
  const vulkan = adapter === 'hardware' && process.platform === 'linux' ? ['--enable-features=Vulkan'] : [];
  return [...QUIET, '--enable-unsafe-webgpu', ...choice, ...vulkan];
}

/** @returns {string[]} */
function usualPaths() {
  if (process.platform === 'darwin') {
    const apps = ['Google Chrome', 'Microsoft Edge', 'Chromium'];
    const roots = ['/Applications', join(process.env.HOME ?? '', 'Applications')];
    return apps.flatMap((app) => roots.map((root) => `${root}/${app}.app/Contents/MacOS/${app}`));
  }
  if (process.platform === 'win32') {
    const programs = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA];
    const files = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    files.push('Chromium/Application/chrome.exe');
    return files.flatMap((file) => programs.flatMap((root) => (root ? [join(root, file)] : [])));
  }
  const names = ['google-chrome', 'google-chrome-stable', 'microsoft-edge', 'microsoft-edge-stable'];
  names.push('chromium', 'chromium-browser');
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** The browser that playwright downloads, if playwright itself is installed. */
async function playwrightPath() {
  try {
    const { chromium } = await import('playwright');
    return chromium.executablePath();
  } catch {
    return ''; // Packages are missing, or this platform has no playwright build.
  }
}

/**
 * A browser without its system libraries exists but does not start. Only asked on Linux, where that happens;
 * on Windows `--version` would open a window.
 * @param {string} path
 */
function starts(path) {
  return process.platform !== 'linux' || spawnSync(path, ['--version'], { timeout: 20_000 }).status === 0;
}

/**
 * Path of the browser to use: `CHROME_PATH`, then Chrome, Edge or Chromium as installed, then playwright's.
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser() {
  const chosen = process.env.CHROME_PATH;
  // A path that the user chose is used or refused, never silently replaced by another.
  if (chosen) return existsSync(chosen) && starts(chosen) ? chosen : undefined;
  const candidates = [...usualPaths(), await playwrightPath()];
  return candidates.find((path) => path !== '' && existsSync(path) && starts(path));
}
