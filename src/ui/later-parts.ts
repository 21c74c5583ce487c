/** See later.ts. */
export * from './finished';
export { sizesModel } from './sizes-model';
