// @ts-check
/**
 * Gets a fresh machine ready: packages always, with `--browser` a browser as well, with `--peers` the libraries that the
 * lab is compared with, and with `--drivers` the second driver of the tests. Plain JavaScript without dependencies, since
 * it runs before there are any. On a machine that is ready it takes a moment.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Says one sentence and ends with an error.
 * @param {string} sentence
 * @returns {never}
 */
function giveUp(sentence) {
  console.error(sentence);
  process.exit(1);
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} folder
 */
function run(command, args, folder = '') {
  // npm and npx are scripts on Windows, which only a shell can start; no argument here has a space in it.
  return (
    spawnSync(command, args, { cwd: root + folder, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function lockedPackages(file) {
  if (!existsSync(root + file)) return undefined;
  /** @type {{ packages: Record<string, { version?: string, optional?: boolean }> }} */
  const lock = JSON.parse(readFileSync(root + file, 'utf8'));
  return lock.packages;
}

/**
 * npm leaves a list of what it installed: stale if a locked package is not in it, or has another version.
 * @param {string} folder
 */
function packagesAreCurrent(folder) {
  const wanted = lockedPackages(`${folder}package-lock.json`) ?? {};
  const installed = lockedPackages(`${folder}node_modules/.package-lock.json`);
  if (!installed) return false;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** @param {string} folder */
function installPackages(folder) {
  if (packagesAreCurrent(folder)) return;
  console.error('Installing packages …');
  if (!run('npm', ['ci', '--no-audit', '--no-fund'], folder))
    giveUp('The packages could not be installed: see npm’s message above.');
}

async function installBrowser() {
  if (await findBrowser()) return;
  if (process.env.CHROME_PATH) giveUp(`CHROME_PATH is ${process.env.CHROME_PATH}, which is no browser that starts.`);
  const rootOnLinux = process.platform === 'linux' && process.getuid?.() === 0;
  console.error('No Chrome, Edge or Chromium found: downloading one …');
  // As root the system libraries that the browser needs can be installed too.
  const dependencies = rootOnLinux ? ['--with-deps'] : [];
  if (run('npx', ['playwright', 'install', '--no-shell', ...dependencies, 'chromium']) && (await findBrowser())) return;
  if (rootOnLinux && existsSync('/etc/debian_version')) {
    console.error('Installing Debian’s Chromium …');
    const installed = run('apt-get', ['update']) && run('apt-get', ['install', '-y', 'chromium']);
    if (installed && (await findBrowser())) return;
  }
  giveUp('No browser: install Chrome, Edge or Chromium, or set CHROME_PATH to one, and try again.');
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19))
  giveUp(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
installPackages('');
if (process.argv.includes('--peers')) installPackages('bench/peers/');
if (process.argv.includes('--browser')) await installBrowser();
if (process.argv.includes('--drivers')) {
  installPackages('test/drivers/');
  if (!run('node', ['test/drivers/lavapipe.mjs'])) process.exit(1); // It has said why.
}
