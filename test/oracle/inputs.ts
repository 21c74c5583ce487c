/**
 * Writes what PyTorch needs in order to repeat the runs of cases.ts: specs, initial weights, tables of experts and
 * batches, as JSON on standard output. To write the fixtures anew, with a Python that has PyTorch and NumPy:
 *
 *   npx tsx test/oracle/inputs.ts | python3 test/oracle/decoder.py test/oracle
 */
import { staticConfig } from '../../src/config/run-spec';
import { openFraction } from '../../src/config/schedule';
import { topicTables, trainingBatch } from '../../src/data/topics';
import { expertTable, tableKeys } from '../../src/nn/expert-tables';
import { initialWeights } from '../../src/nn/init';
import { parameterList } from '../../src/nn/parameters';
import { ORACLE_STEPS, oracleCases, PROBE_STEP } from './cases';

const cases = Object.entries(oracleCases).map(([name, spec]) => {
  const { hyper } = spec;
  const config = staticConfig(spec);
  const weights = initialWeights(config, hyper.seed);
  const tables = topicTables(config.source, hyper);
  return {
    name,
    spec,
    parameters: parameterList(config).map((parameter) => ({
      ...parameter,
      values: Buffer.from(weights.get(parameter.name)!.buffer).toString('base64'),
    })),
    expertTables: Array.from({ length: tableKeys(config) > 0 ? config.model.nLayers : 0 }, (_, layer) => {
      const { topK } = config.model.moe!;
      const table = [...expertTable(config, hyper.seed, layer)];
      return Array.from({ length: tableKeys(config) }, (_, key) => table.slice(key * topK, (key + 1) * topK));
    }),
    batches: Array.from({ length: ORACLE_STEPS }, (_, step) => {
      const open = openFraction(hyper.curriculum, step, ORACLE_STEPS);
      const documents = trainingBatch(config, hyper, tables, step, open);
      return {
        inputs: documents.map(({ inputs }) => [...inputs]),
        targets: documents.map(({ targets }) => [...targets]),
      };
    }),
  };
});
process.stdout.write(JSON.stringify({ probeStep: PROBE_STEP, cases }));
