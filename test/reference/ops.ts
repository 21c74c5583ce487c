/** The mathematics of every op in float64, forward and backward: what the kernels are checked against. */
export * from './attention';
export * from './central-difference';
export * from './cross-entropy';
export * from './embedding';
export * from './experts';
export * from './linear';
export * from './moe';
export * from './norms';
export * from './optimiser';
export * from './router';
