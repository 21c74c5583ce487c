import { readFile } from 'node:fs/promises';

/** Something the user can put right: one sentence, exit code 2. */
export class BadInput extends Error {}

export async function readJson(file: string): Promise<unknown> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch {
    throw new BadInput(`${file} cannot be read: check the path.`);
  }
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new BadInput(`${file} is not JSON: ${(error as Error).message}`);
  }
}
