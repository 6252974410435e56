import { analyze } from '../analyzers/analyze.js'
import { convolutionKernels } from '../analyzers/guidelines/kernels.js'
import type { Experiment } from '../analyzers/guidelines/table.js'
import { memoryAccess } from '../analyzers/memory.js'
import type { BuildOptions, Guideline } from '../experiments/guidelines/guideline.js'
import { noBinding } from '../onnx/bind.js'
import type { ConvolutionKernels, ExperimentCost, Model, Scale, SessionSettings } from '../types.js'
import type { Labelled } from './interleave.js'
import { kernelsToRun, optimizedGraph } from './optimized.js'
import { typed } from './typed.js'

const columnOf: Readonly<Record<Scale, 0 | 1 | 2>> = { 1: 0, 2: 1, 4: 2 }

/** The networks of a guideline's table, row by row. */
export const modelsOf = ({ rows, build }: Guideline, options: BuildOptions): readonly Labelled[] =>
  rows.map((row) => ({ label: row.variant, model: build(row, options) }))

/**
 * An experiment with what its networks cost.
 *
 * @param kernels of each row's network
 */
export async function experimentOf(
  guideline: Guideline,
  options: BuildOptions,
  kernels: readonly (ConvolutionKernels | null)[],
): Promise<Experiment> {
  const { id, title, source, expectation, rows } = guideline
  const { widths, scale } = options
  const costs: ExperimentCost[] = []
  for (const { model } of modelsOf(guideline, options)) costs.push(await costOf(model))
  const column = columnOf[scale]
  return {
    ...{ guideline: id, title, source, expectation, widths, scale },
    rows: rows.map(({ variant, published: { gpu, arm } }, index) => ({
      variant,
      cost: costs[index] as ExperimentCost,
      kernels: kernels[index] ?? null,
      published: { gpu: gpu[column], arm: arm[column] },
    })),
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

/** How onnxruntime would run a network; null on a provider whose kernels it does not lay out. */
export async function kernelsOf(
  model: Model,
  seed: number,
  settings: SessionSettings,
): Promise<ConvolutionKernels | null> {
  if (settings.provider !== 'cpu') return null
  const optimized = await optimizedGraph(await typed(model, noBinding), seed, settings)
  return convolutionKernels(kernelsToRun(optimized, settings))
}
