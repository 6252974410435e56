import { statSync } from 'node:fs'
import { structureHash } from '../analyzers/identify.js'
import { FlopgapError } from '../errors.js'
import type { Binding } from '../onnx/bind.js'
import type { ExecutedCost, GateFacts, GateLayer, Graph, LayerCost, Model } from '../types.js'
import type { LintConfiguration } from './config.js'
import { costs } from './costs.js'
import { executedCost } from './executed.js'
import { lintModel } from './lint.js'
import { typed } from './typed.js'

/**
 * What a gate compares of a model. Nothing is run and no calibration is needed; onnxruntime optimises the model.
 *
 * @param label what the gate calls it
 * @throws FlopgapError as `analyzeModel`, `unknown-rule`
 */
export async function factsOf(
  label: string,
  model: Model,
  binding: Binding,
  configuration: LintConfiguration,
): Promise<GateFacts> {
  const graph = await typed(model, binding)
  const { totals, layers, coverage } = costs(graph)
  const lint = await lintModel(model, { binding, costs: 'none', configuration })
  // an info is no defect
  const findings = lint.findings.filter(({ level }) => level !== 'info')
  const executed = await executedOrNull(graph)
  return {
    model: label,
    structureSha256: structureHash(model),
    figures: {
      ...{ macs: totals.macs, flops: totals.flops, params: totals.params },
      bytes: totals.readBytes + totals.writeBytes,
      peakActivationBytes: totals.peakActivationBytes,
      kernels: executed?.layers.length ?? null,
      modelBytes: modelBytes(model),
      findings: findings.length,
      uncounted: coverage.uncounted,
    },
    layers: layers.map(layerOf),
    kernels: executed === null ? null : countsOf(executed),
    findings: findings.map(({ rule, nodes: [node = ''] }) => ({ rule, node })),
  }
}

function layerOf({ name, op, macs, flops, params, readBytes, writeBytes, status }: LayerCost): GateLayer {
  const bytes = readBytes === null || writeBytes === null ? null : readBytes + writeBytes
  const isCounted = status !== 'uncounted'
  return { name, op, macs: isCounted ? (macs ?? 0) : null, flops: isCounted ? (flops ?? 0) : null, params, bytes }
}

/** Null where this onnxruntime does not take the model: what is counted of it still says something. */
async function executedOrNull(graph: Graph): Promise<ExecutedCost | null> {
  try {
    return await executedCost(graph)
  } catch (error) {
    if (error instanceof FlopgapError && (error.code === 'rejected-model' || error.code === 'too-large-model'))
      return null
    throw error
  }
}

function countsOf({ layers }: ExecutedCost): Record<string, number> {
  const counts = new Map<string, number>()
  for (const { op } of layers) counts.set(op, (counts.get(op) ?? 0) + 1)
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The file and the external data that it names; null for a built model, which has none. */
function modelBytes({ origin, weights }: Model): number | null {
  if (origin.kind === 'spec') return null
  const outside = [...weights.values()].flatMap(({ data }) =>
    data.kind === 'file' && data.path !== origin.path ? [data] : [],
  )
  const parts = new Map(outside.map(({ path, offset, byteLength }) => [`${path} ${offset}`, byteLength]))
  return [...parts.values()].reduce((sum, length) => sum + length, statSync(origin.path).size)
}
