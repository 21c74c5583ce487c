/** See later.ts. */
import './chart';

export { lawsOf } from './laws';
export { besideShared, sharedBeside } from './beside-shared';
export { curvesModel } from './curves-model';
export * from './finished';
export { glossed } from './glossed';
export { previewModel, recordedPreview } from './recorded-preview';
export { sizesModel } from './sizes-model';
export { underWay } from './under-way';
