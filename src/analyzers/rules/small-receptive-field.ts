import { receptiveFields } from '../receptive-field.js'
import type { LintRule } from './rule.js'

export const smallReceptiveField: LintRule = {
  id: 'small-receptive-field',
  level: 'info',
  summary: 'No position of the last feature map sees the whole of the input.',
  source: 'ShuffleNet V2, arXiv 1807.11164, section 4 and Table 7; Araujo, Norris and Sim, Distill, 2019',
  fixable: false,
  check({ graph, wiring }) {
    const fields = receptiveFields(graph)
    const widest = fields?.widest
    if (!fields || !widest) return []
    const sizes = fields.spatialAxes.map((axis) => fields.inputShape[axis] ?? 0)
    const seen = widest.axes.map(({ size }) => size)
    // what pools all positions and gives them back, as Squeeze-and-Excitation does, brings the rest
    const isSmall = widest.axes.some(({ size, global }, axis) => size !== null && !global && size < (sizes[axis] ?? 0))
    const index = wiring.producer(widest.output)
    if (!isSmall || index === undefined) return []
    return [
      {
        nodes: [index],
        kernels: [],
        message: `each position sees ${seen.join('x')} pixels of ${sizes.join('x')}`,
        try: 'Make the network deeper, its kernels larger, or stride earlier; or give it smaller images.',
      },
    ]
  },
}
