/**
 * `npm run verify`: the long campaigns of `bench/campaigns/`. Each is a module whose `measure(log)` runs on a page and
 * resolves to rows of numbers. Names given after `--` choose among them; `--json` prints JSON in place of tables.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adaptersNamed, giveUp, readArguments } from './command-line';
import { openHeadless, type Headless } from './headless';
import { serveModules } from './serve-modules';

type Row = Record<string, string | number | boolean>;

const root = join(import.meta.dirname, '..');
const FOLDER = 'bench/campaigns';

async function measure({ page, broken }: Headless, path: string): Promise<Row[]> {
  const rows = page.evaluate(async (path) => {
    const module = (await import(path)) as { measure: (log: (line: string) => void) => Promise<Row[]> };
    return module.measure((line) => {
      console.log(line);
    });
  }, path);
  return Promise.race([rows, broken]);
}

function modulesIn(folder: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => entry.name.slice(0, -3))
    .sort();
}

const { values, positionals } = readArguments({
  json: { type: 'boolean' },
  adapter: { type: 'string' },
});
const adapters = adaptersNamed(values.adapter);
const known = modulesIn(FOLDER);
if (known.length === 0) giveUp(`${FOLDER}/ holds no measurement.`);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) giveUp(`No measurement is called ${unknown.join(', ')}; there are: ${known.join(', ')}.`);

// Leaving through `exit` takes the browser along.
process.on('SIGINT', () => process.exit(130));

const { server, url } = await serveModules('verify');
try {
  for (const name of positionals.length > 0 ? positionals : known) {
    // A fresh browser for each, so that none inherits another's memory or compiled pipelines.
    const headless = await openHeadless(url, adapters);
    try {
      headless.page.on('console', (message) => {
        console.error(message.text());
      });
      const rows = await measure(headless, `/${FOLDER}/${name}.ts`);
      if (values.json) console.log(JSON.stringify({ name, adapter: headless.adapter, rows }));
      else {
        console.log(`\n${name}, ${headless.adapter} adapter`);
        console.table(rows);
      }
    } finally {
      await headless.close();
    }
  }
} finally {
  await server.close();
}
