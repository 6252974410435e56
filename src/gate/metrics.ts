import type { GateUnit, StaticMetric } from '../types.js'

/** A figure that the gate compares. */
interface Metric {
  readonly id: StaticMetric
  readonly unit: GateUnit
  /** As messages call it. */
  readonly name: string
  /** What it counts is decided by the machine too: of another machine it says nothing. */
  readonly isOfMachine: boolean
}

const metric = (id: StaticMetric, unit: GateUnit, name: string, isOfMachine = false): Metric => ({
  ...{ id, unit, name, isOfMachine },
})

/** In the order in which reports show them. */
export const metrics: readonly Metric[] = [
  metric('macs', 'count', 'MACs'),
  metric('flops', 'count', 'FLOPs'),
  metric('params', 'count', 'params'),
  metric('bytes', 'bytes', 'memory read and written'),
  metric('peakActivationBytes', 'bytes', 'peak activations'),
  // onnxruntime fuses by the instructions that the CPU has
  metric('kernels', 'count', 'kernels', true),
  metric('modelBytes', 'bytes', 'model size'),
  metric('findings', 'count', 'lint findings'),
  metric('uncounted', 'count', 'uncounted nodes'),
]

export const metricIds = [
  'macs',
  'flops',
  'params',
  'bytes',
  'peakActivationBytes',
  'kernels',
  'modelBytes',
  'findings',
  'uncounted',
] as const satisfies readonly StaticMetric[]
