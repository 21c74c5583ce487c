/**
 * The same training step for jax-js: one jitted function from parameters, moments and batch to new ones. Every
 * function takes over its arguments, so that what is used again is passed as `.ref`.
 */
import { blockUntilReady, defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { noise } from '../../src/bench/noise';
import type { Library } from './library';
import { BATCHES, CLIP_EPSILON, problemOf, type Problem } from './problem';
import type { Product } from './result';

// Type aliases: jax-js takes trees of arrays, and an interface has no index signature.
type Tensors = Record<string, np.Array>;
type State = Record<'params' | 'm' | 'v', Tensors>;

const layerNorm = (x: np.Array, weight: np.Array, bias: np.Array): np.Array => nn.standardize(x).mul(weight).add(bias);

/** Mean loss of a batch: nats a scored token. inputs, targets [B·T]. */
function lossOf(problem: Problem, params: Tensors, inputs: np.Array, targets: np.Array): np.Array {
  const { batch, seqLen, width, heads, layers, inputVocabulary, vocabulary, scored } = problem;
  const rows = batch * seqLen;
  const get = (name: string): np.Array => params[name]!;
  const norm = (name: string, x: np.Array) => layerNorm(x, get(`${name}.weight`), get(`${name}.bias`));
  const linear = (name: string, x: np.Array) => np.matmul(x, get(`${name}.weight`)).add(get(`${name}.bias`));
  const attention = (qkv: np.Array): np.Array => {
    const [q, k, v] = np.split(qkv.reshape([batch, seqLen, 3 * heads, width / heads]), 3, 2);
    return nn.dotProductAttention(q!, k!, v!, { isCausal: true }).reshape([rows, width]);
  };

  // By a product: the gradient of `take` is a scatter, which fails in `jit` (0.1.25: "input is not imm").
  const hot = inputs.reshape([rows, 1]).equal(np.arange(inputVocabulary)).astype(np.float32);
  const tokens = np.matmul(hot, get('tokenEmbedding')).reshape([batch, seqLen, width]);
  let x = tokens.add(get('positionEmbedding')).reshape([rows, width]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `layers.${layer}`;
    x = x.ref.add(linear(`${at}.proj`, attention(linear(`${at}.qkv`, norm(`${at}.norm1`, x)))));
    x = x.ref.add(linear(`${at}.fc2`, nn.gelu(linear(`${at}.fc1`, norm(`${at}.norm2`, x)))));
  }
  const logits = np.matmul(norm('finalNorm', x), get('head.weight'));
  // Rows of targets that do not count are −1 and meet no token.
  const chosen = targets.reshape([rows, 1]).equal(np.arange(vocabulary));
  return np
    .where(chosen, nn.logSoftmax(logits), 0)
    .sum()
    .mul(-1 / scored);
}

/** Loss, gradients, clipping by the global norm and AdamW. rates [3]: learning rate, 1/(1 − β1ᵗ), 1/(1 − β2ᵗ). */
function trainingStep(problem: Problem) {
  const { beta1, beta2, epsilon, clipNorm } = problem.spec.hyper;
  const loss = (params: Tensors, inputs: np.Array, targets: np.Array) => lossOf(problem, params, inputs, targets);
  return jit(({ params, m, v }: State, inputs: np.Array, targets: np.Array, rates: np.Array): [State, np.Array] => {
    const [value, raw] = valueAndGrad(loss)(tree.ref(params), inputs, targets);
    const squares = Object.values(raw).map((g) => np.square(g.ref).sum());
    const norm = np.sqrt(squares.reduce((sum, each) => sum.add(each)));
    const clip = np.minimum(1, np.array(clipNorm).div(norm.add(CLIP_EPSILON)));
    const [lr, c1, c2] = np.split(rates, 3) as [np.Array, np.Array, np.Array];
    const next: State = { params: {}, m: {}, v: {} };
    for (const name of Object.keys(params)) {
      const g = raw[name]!.mul(clip.ref);
      const newM = m[name]!.mul(beta1).add(g.ref.mul(1 - beta1));
      const newV = v[name]!.mul(beta2).add(np.square(g).mul(1 - beta2));
      const scaled = newM.ref.mul(c1.ref).div(np.sqrt(newV.ref.mul(c2.ref)).add(epsilon));
      next.params[name] = params[name]!.sub(scaled.mul(lr.ref));
      next.m[name] = newM;
      next.v[name] = newV;
    }
    tree.dispose([clip, lr, c1, c2]);
    return [next, value];
  });
}

const PRODUCT = {
  y: jit((x: np.Array, w: np.Array) => np.matmul(x, w)),
  dx: jit((dy: np.Array, w: np.Array) => np.matmul(dy, w.transpose())),
  dw: jit((x: np.Array, dy: np.Array) => np.matmul(x.transpose(), dy)),
};

export async function openJax(device: 'webgpu' | 'wasm'): Promise<Library> {
  const offered = await init(device);
  if (!offered.includes(device)) throw new Error(`jax-js finds no ${device} here.`);
  defaultDevice(device);
  let problem: Problem;
  let step: ReturnType<typeof trainingStep>;
  let state: State;
  let batches: [inputs: np.Array, targets: np.Array][];
  let taken = 0;
  let x: np.Array, w: np.Array, dy: np.Array;

  /** On WebGPU, begins what an array waits for, without waiting for its end. */
  const submit = (array: np.Array): void => {
    if (device === 'webgpu') array.gpuBufferSync();
    else array.dispose();
  };
  const operandsOf = (product: Product): [np.Array, np.Array] =>
    ({ y: [x, w], dx: [dy, w], dw: [x, dy] })[product] as [np.Array, np.Array];
  return {
    async open(name) {
      problem = problemOf(name);
      step = trainingStep(problem);
      const each = (values: (size: number, from: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>): Tensors =>
        Object.fromEntries(
          problem.parameters.map(({ name, shape, values: from }) => [
            name,
            np.array(values(from.length, from)).reshape(shape),
          ]),
        );
      const zeros = (size: number) => new Float32Array(size);
      state = { params: each((_, from) => from), m: each(zeros), v: each(zeros) };
      batches = problem.batches.map(({ inputs, targets }) => [np.array(inputs), np.array(targets)]);
      await blockUntilReady([state, ...batches]);
    },
    async run(count) {
      let loss: np.Array | undefined;
      for (let i = 0; i < count; i++) {
        loss?.dispose();
        const [inputs, targets] = batches[taken % BATCHES]!;
        const { lr, c1, c2 } = problem.rates(taken++);
        [state, loss] = step(state, inputs.ref, targets.ref, np.array([lr, c1, c2]));
        if (i < count - 1) submit(loss.ref);
      }
      const value = (await loss!.data())[0]!;
      await state.params['head.weight']!.blockUntilReady(); // The last that a step changes.
      return value;
    },
    async operands({ rows, inputs, outputs }) {
      const filled = (...shape: [number, number]) => np.array(noise(shape[0] * shape[1])).reshape(shape);
      [x, w, dy] = [filled(rows, inputs), filled(inputs, outputs), filled(rows, outputs)];
      await blockUntilReady([x, w, dy]);
    },
    async multiply(product, count) {
      const [a, b] = operandsOf(product);
      for (let i = 0; i < count - 1; i++) {
        const result = PRODUCT[product](a.ref, b.ref);
        // What is disposed of before it was submitted is never computed; on wasm only waiting for it submits it.
        if (device === 'webgpu') submit(result);
        else (await result.blockUntilReady()).dispose();
      }
      (await PRODUCT[product](a.ref, b.ref).blockUntilReady()).dispose();
    },
  };
}
