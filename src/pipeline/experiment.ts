import { analyze } from '../analyzers/analyze.js'
import type { Experiment } from '../analyzers/guidelines/table.js'
import { memoryAccess } from '../analyzers/memory.js'
import type { BuildOptions, Guideline } from '../experiments/guidelines/guideline.js'
import { noBinding } from '../onnx/bind.js'
import type { ExperimentCost, Model, Scale } from '../types.js'
import type { Labelled } from './interleave.js'
import { typed } from './typed.js'

/** An experiment with what its networks cost, and the networks. */
export interface ReadyExperiment {
  readonly experiment: Experiment
  readonly models: readonly Labelled[]
}

const columnOf: Readonly<Record<Scale, 0 | 1 | 2>> = { 1: 0, 2: 1, 4: 2 }

/** Builds the networks of a guideline's table and counts what they cost. */
export async function experimentOf(
  { id, title, source, expectation, rows, build }: Guideline,
  options: BuildOptions,
): Promise<ReadyExperiment> {
  const { widths, scale } = options
  const models = rows.map((row) => ({ label: row.variant, model: build(row, options) }))
  const costs: ExperimentCost[] = []
  for (const { model } of models) costs.push(await costOf(model))
  const column = columnOf[scale]
  return {
    models,
    experiment: {
      ...{ guideline: id, title, source, expectation, widths, scale },
      rows: rows.map(({ variant, published: { gpu, arm } }, index) => ({
        variant,
        cost: costs[index] as ExperimentCost,
        published: { gpu: gpu[column], arm: arm[column] },
      })),
    },
  }
}

async function costOf(model: Model): Promise<ExperimentCost> {
  const graph = await typed(model, noBinding)
  const { convolutions, pointwise } = memoryAccess(graph)
  const { accessElements, boundElements } = pointwise
  return {
    macs: analyze(graph).totals.macs,
    channels: [convolutions[0]?.inputChannels ?? 0, convolutions[0]?.outputChannels ?? 0],
    memoryAccess: pointwise.layers === convolutions.length ? { accessElements, boundElements } : null,
  }
}
