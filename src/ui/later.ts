/**
 * Code that the page needs for certain, but not to show itself: a script that is asked for at once and is there long
 * before anybody can want it. Whoever wants it must be able to do without it until then.
 */
export type Later = typeof import('./later-parts');

let loaded: Later | undefined;

export async function loadLater(): Promise<Later> {
  loaded ??= await import('./later-parts');
  return loaded;
}

export function later(): Later | undefined {
  return loaded;
}
