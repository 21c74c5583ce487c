/**
 * The same training step for TensorFlow.js. Gradients are joined into one vector, on which clipping and AdamW work:
 * a few dispatches in place of a dozen for each parameter.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-wasm';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedSimd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import '@tensorflow/tfjs-backend-webgpu';
import { noise } from '../../src/bench/noise';
import type { Library } from './library';
import { BATCHES, CLIP_EPSILON, NORM_EPSILON, problemOf, type Problem, type Rates } from './problem';

type Batch = Record<'inputs' | 'labels' | 'weights', tf.Tensor>;

/** ids [n] → [n, classes]; a row of zeros for −1. Cast afterwards: asked for floats, the wasm backend writes integers. */
const oneHot = (ids: tf.Tensor, classes: number): tf.Tensor => tf.cast(tf.oneHot(ids, classes), 'float32');

/** Mean loss of a batch, nats a scored token. */
function lossOf(problem: Problem, params: ReadonlyMap<string, tf.Variable>, batch: Batch, mask: tf.Tensor): tf.Scalar {
  const { seqLen, width, heads, layers } = problem;
  const sequences = problem.batch;
  const get = (name: string): tf.Variable => params.get(name)!;
  const norm = (name: string, x: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(x, -1, true);
    const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, NORM_EPSILON)));
    return tf.add(tf.mul(scaled, get(`${name}.weight`)), get(`${name}.bias`));
  };
  const linear = (name: string, x: tf.Tensor): tf.Tensor =>
    tf.fused.matMul({ a: x, b: get(`${name}.weight`), bias: get(`${name}.bias`) });
  /** The tanh form, as x · sigmoid(2u) with u = √(2/π)·(x + 0.044715·x³). */
  const gelu = (x: tf.Tensor): tf.Tensor => {
    const scale = 2 * Math.sqrt(2 / Math.PI);
    return tf.mul(x, tf.sigmoid(tf.mul(x, tf.add(tf.mul(tf.square(x), scale * 0.044715), scale))));
  };
  const attention = (qkv: tf.Tensor): tf.Tensor => {
    const split = tf.reshape(qkv, [sequences, seqLen, 3, heads, width / heads]);
    const [q, k, v] = tf.unstack(tf.transpose(split, [2, 0, 3, 1, 4]));
    const scores = tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(width / heads));
    const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), v!);
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [sequences * seqLen, width]);
  };

  // By a product: the gradient of `gather` has no kernel in the wasm backend.
  const hot = oneHot(batch.inputs, problem.inputVocabulary);
  const tokens = tf.reshape(tf.matMul(hot, get('tokenEmbedding')), [sequences, seqLen, width]);
  let x = tf.reshape(tf.add(tokens, get('positionEmbedding')), [sequences * seqLen, width]);
  for (let layer = 0; layer < layers; layer++) {
    const at = `layers.${layer}`;
    x = tf.add(x, linear(`${at}.proj`, attention(linear(`${at}.qkv`, norm(`${at}.norm1`, x)))));
    x = tf.add(x, linear(`${at}.fc2`, gelu(linear(`${at}.fc1`, norm(`${at}.norm2`, x)))));
  }
  const logits = tf.matMul(norm('finalNorm', x), get('head.weight'));
  return tf.losses.softmaxCrossEntropy(batch.labels, logits, batch.weights);
}

/** Parameters and moments, with the one function that changes them. */
class Model {
  readonly #params: Map<string, tf.Variable>;
  readonly #m: tf.Variable;
  readonly #v: tf.Variable;
  /** [T, T]: what is added to scores, so that no token sees what comes after it. */
  readonly #mask: tf.Tensor;

  constructor(private readonly problem: Problem) {
    const { parameters, seqLen } = problem;
    this.#params = new Map(
      parameters.map(({ name, shape, values }) => [name, tf.variable(tf.tensor(values, shape), true, name)]),
    );
    const size = parameters.reduce((sum, { values }) => sum + values.length, 0);
    [this.#m, this.#v] = [tf.variable(tf.zeros([size]), false), tf.variable(tf.zeros([size]), false)];
    const later = Float32Array.from({ length: seqLen ** 2 }, (_, i) =>
      i % seqLen > Math.floor(i / seqLen) ? -1e9 : 0,
    );
    this.#mask = tf.tensor(later, [seqLen, seqLen]);
  }

  /** One training step; its loss. */
  step(batch: Batch, { lr, c1, c2 }: Rates): tf.Scalar {
    return tf.tidy(() => {
      const { beta1, beta2, epsilon, clipNorm } = this.problem.spec.hyper;
      const variables = [...this.#params.values()];
      const { value, grads } = tf.variableGrads(() => lossOf(this.problem, this.#params, batch, this.#mask), variables);
      const joined = tf.concat(variables.map(({ name }) => tf.reshape(grads[name]!, [-1])));
      const norm = tf.sqrt(tf.sum(tf.square(joined)));
      const clipped = tf.mul(joined, tf.minimum(1, tf.div(clipNorm, tf.add(norm, CLIP_EPSILON))));
      this.#m.assign(tf.add(tf.mul(this.#m, beta1), tf.mul(clipped, 1 - beta1)));
      this.#v.assign(tf.add(tf.mul(this.#v, beta2), tf.mul(tf.square(clipped), 1 - beta2)));
      const root = tf.add(tf.sqrt(tf.mul(this.#v, c2)), epsilon);
      const change = tf.mul(tf.div(this.#m, root), lr * c1);
      const parts = tf.split(
        change,
        variables.map(({ size }) => size),
      );
      variables.forEach((variable, i) => {
        variable.assign(tf.sub(variable, tf.reshape(parts[i]!, variable.shape)));
      });
      return value;
    });
  }

  /** Resolves when all steps are done. */
  async ready(): Promise<void> {
    await this.#params.get('finalNorm.bias')!.data();
  }
}

export async function openTfjs(backend: 'webgpu' | 'wasm'): Promise<Library> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain,
    'tfjs-backend-wasm-simd.wasm': simd,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedSimd,
  });
  if (!(await tf.setBackend(backend))) throw new Error(`tfjs finds no ${backend} here.`);
  await tf.ready();
  let problem: Problem;
  let model: Model;
  let batches: Batch[];
  let taken = 0;
  let x: tf.Tensor2D, w: tf.Tensor2D, dy: tf.Tensor2D;

  const multiplied = {
    y: () => tf.matMul(x, w),
    dx: () => tf.matMul(dy, w, false, true),
    dw: () => tf.matMul(x, dy, true, false),
  };
  return {
    open(name) {
      problem = problemOf(name);
      model = new Model(problem);
      batches = problem.batches.map(({ inputs, targets }) => ({
        inputs: tf.tensor1d(inputs, 'int32'),
        labels: oneHot(tf.tensor1d(targets, 'int32'), problem.vocabulary),
        weights: tf.tensor1d(Float32Array.from(targets, (target) => (target < 0 ? 0 : 1))),
      }));
      return Promise.resolve();
    },
    async run(count) {
      let loss: tf.Scalar | undefined;
      for (let i = 0; i < count; i++) {
        loss?.dispose();
        loss = model.step(batches[taken % BATCHES]!, problem.rates(taken));
        taken++;
      }
      const [value] = await loss!.data();
      await model.ready();
      return value!;
    },
    async operands({ rows, inputs, outputs }) {
      const filled = (...shape: [number, number]) => tf.tensor2d(noise(shape[0] * shape[1]), shape);
      [x, w, dy] = [filled(rows, inputs), filled(inputs, outputs), filled(rows, outputs)];
      await Promise.all([x.data(), w.data(), dy.data()]);
    },
    async multiply(product, count) {
      let result: tf.Tensor | undefined;
      for (let i = 0; i < count; i++) {
        result?.dispose();
        result = multiplied[product]();
      }
      // One number is read: all of them would be timed as well.
      const first = tf.slice(result!, [0, 0], [1, 1]);
      await first.data();
      tf.dispose([result!, first]);
    },
  };
}
