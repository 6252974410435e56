import { counted } from '../claim.js'
import { sum } from '../evidence.js'
import { exactly } from '../expected.js'
import { pairs } from '../models/separable-pairs.js'
import { mobilenetV1 } from '../papers.js'

const model = 'separable pairs'

export const separableCost = counted({
  id: 'separable-cost',
  claim: 'A depthwise separable convolution costs 1/N + 1/k² of the dense one',
  paper: mobilenetV1,
  where: 'section 3.1',
  says: '1/N + 1/k² of the computation, N the output channels, k the kernel',
  how: 'MACs of depthwise and pointwise convolution over those of the dense one on the same map, for six kernels and widths',
  counts: [model],
  figures: pairs.map(([kernel, out]) => ({
    name: `k = ${kernel}, N = ${out}`,
    unit: '',
    expected: exactly(1 / out + 1 / kernel ** 2),
    found: (evidence) => {
      const macs = (part: string) => sum(evidence.layers(model, new RegExp(`^k${kernel}-n${out}/${part}/`)), 'macs')
      return macs('separable') / macs('dense')
    },
  })),
})
