/** What of the package `webgpu` is used here: types are checked also where it is not installed. */
declare module 'webgpu' {
  /** Dawn with some of its options, each `name=value`. */
  export function create(options: string[]): GPU;
  /** The classes and constants that a page finds on its global object. */
  export const globals: Record<string, unknown>;
}
