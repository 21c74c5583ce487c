/** The decoder: pre-norm, causal, learned positions, untied head; dense or sparse. Read from top to bottom. */
import type { ModelConfig, StaticConfig } from '../config/run-spec';
import { attention } from '../ops/attention';
import { embedding } from '../ops/embedding';
import { layernorm } from '../ops/layernorm';
import { linear, type LinearParameters } from '../ops/linear';
import { mlp } from '../ops/mlp';
import { rmsnorm } from '../ops/rmsnorm';
import type { PlanBuilder } from '../plan/builder';
import type { Tensor } from '../plan/tensor';
import type { Choice } from '../ops/router';
import type { ModelLayout } from './layout';
import { sparseLayer, type RoutingTensors } from './sparse';

/** Parameters by the names of parameters.ts. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** Tensors for all parameters of a layout, bound to the slabs. */
export function bindParameters(b: PlanBuilder, layout: ModelLayout): Parameters {
  return new Map(
    layout.parameters.map(({ name, shape, offset, group }) => [
      name,
      // What is frozen has no place for a gradient, so nothing is computed for it.
      group === 'frozen' ? b.slab(name, 'params', shape, offset) : b.parameter(name, shape, offset),
    ]),
  );
}

export interface Decoded {
  /** `[B·T, V]` */
  logits: Tensor;
  /** The experts that each layer chose; empty for a dense model. */
  choices: Choice[];
}

/**
 * inputs `[B·T]` token ids → logits. `batchSize` may differ from the config's, for evaluation. `look` is handed the
 * queries, keys and values of each layer, `[B·T, 3·D]`, while nothing needs to be kept for it.
 */
export function decoder(
  b: PlanBuilder,
  config: StaticConfig,
  batchSize: number,
  parameters: Parameters,
  inputs: Tensor,
  routing: RoutingTensors,
  look: (qkv: Tensor) => void = () => undefined,
): Decoded {
  const { model, seqLen } = config;
  const get = (name: string): Tensor => parameters.get(name)!;
  const choices: Choice[] = [];
  let x = embedding(b, inputs, get('tokenEmbedding'), get('positionEmbedding'));
  for (let layer = 0; layer < model.nLayers; layer++) {
    const at = `layers.${layer}`;
    x = b.scope(`layer ${layer}`, () => {
      const qkv = linear(b, 'qkv', norm(b, model, parameters, `${at}.norm1`, x), weights(parameters, `${at}.qkv`));
      look(qkv);
      const mixed = attention(b, qkv, batchSize, seqLen, model.nHeads);
      const attended = linear(b, 'proj', mixed, weights(parameters, `${at}.proj`), x);
      const normed = norm(b, model, parameters, `${at}.norm2`, attended);
      const [up, down] = [weights(parameters, `${at}.fc1`), weights(parameters, `${at}.fc2`)];
      if (!model.moe) return mlp(b, normed, up, down, model.activation, attended);
      const { y, choice } = sparseLayer(b, config, routing, {
        ...{ layer, x: normed, residual: attended, inputs, up, down },
        routerWeight: parameters.get(`${at}.router.weight`),
      });
      choices.push(choice);
      return y;
    });
  }
  const logits = linear(b, 'head', norm(b, model, parameters, 'finalNorm', x), weights(parameters, 'head'));
  return { logits, choices };
}

function weights(parameters: Parameters, name: string): LinearParameters {
  const bias = parameters.get(`${name}.bias`);
  return { weight: parameters.get(`${name}.weight`)!, ...(bias && { bias }) };
}

function norm(b: PlanBuilder, model: ModelConfig, parameters: Parameters, name: string, x: Tensor): Tensor {
  const label = name.split('.').at(-1)!;
  const weight = parameters.get(`${name}.weight`)!;
  return model.norm === 'rmsnorm'
    ? rmsnorm(b, label, x, weight)
    : layernorm(b, label, x, weight, parameters.get(`${name}.bias`)!);
}
