/**
 * `npm run verify`: the long campaigns. Each is a module whose `measure(log)` resolves to rows of numbers: on a page for
 * those of `bench/campaigns/`, here for those of `bench/drives/`, which open the built page and use it. Names given after `--` choose among them; `--json` prints JSON in place of tables.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { adaptersNamed, giveUp, readArguments } from './command-line';
import { openHeadless, type Headless } from './headless';
import { serveModules } from './serve-modules';

type Row = Record<string, string | number | boolean>;

const root = join(import.meta.dirname, '..');
const FOLDER = 'bench/campaigns';
const DRIVES = 'bench/drives';

type Measure = (log: (line: string) => void) => Promise<Row[]>;

async function measure({ page, broken }: Headless, path: string): Promise<Row[]> {
  const rows = page.evaluate(async (path) => {
    const module = (await import(path)) as { measure: Measure };
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
const drives = modulesIn(DRIVES);
const known = [...modulesIn(FOLDER), ...drives];
if (known.length === 0) giveUp(`${FOLDER}/ holds no measurement.`);
const unknown = positionals.filter((name) => !known.includes(name));
if (unknown.length > 0) giveUp(`No measurement is called ${unknown.join(', ')}; there are: ${known.join(', ')}.`);

// Leaving through `exit` takes the browser along.
process.on('SIGINT', () => process.exit(130));

function show(name: string, adapter: string, rows: Row[]): void {
  if (values.json) console.log(JSON.stringify({ name, adapter, rows }));
  else {
    console.log(`\n${name}, ${adapter} adapter`);
    console.table(rows);
  }
}

const { server, url } = await serveModules('verify');
try {
  for (const name of positionals.length > 0 ? positionals : known) {
    if (drives.includes(name)) {
      const { measure } = (await import(join(root, DRIVES, `${name}.ts`))) as { measure: Measure };
      show(
        name,
        'software',
        await measure((line) => {
          console.error(line);
        }),
      );
      continue;
    }
    // A fresh browser for each, so that none inherits another's memory or compiled pipelines.
    const headless = await openHeadless(url, adapters);
    try {
      headless.page.on('console', (message) => {
        console.error(message.text());
      });
      const rows = await measure(headless, `/${FOLDER}/${name}.ts`);
      show(name, headless.adapter, rows);
    } finally {
      await headless.close();
    }
  }
} finally {
  await server.close();
}
