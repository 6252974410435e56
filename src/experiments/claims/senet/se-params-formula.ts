import { counted } from '../claim.js'
import { exactly } from '../expected.js'
import { senet } from '../papers.js'
import { plain, reductions, squeezed } from './networks.js'

/** Blocks and output channels of conv2_x to conv5_x. */
const stages = [
  [3, 256],
  [4, 512],
  [6, 1024],
  [3, 2048],
] as const

const squares = stages.reduce((total, [blocks, channels]) => total + blocks * channels ** 2, 0)

export const seParamsFormula = counted({
  id: 'se-params-formula',
  claim: 'SE blocks add 2/r · Σ N · C² parameters',
  paper: senet,
  where: 'section 4, equation 5',
  says: '2/r times the sum over stages of their blocks N and squared channels C',
  how: 'parameters of SE-ResNet-50 less those of ResNet-50 at five reduction ratios, without biases',
  counts: [plain, ...reductions.map(squeezed)],
  figures: reductions.map((r) => ({
    name: `r = ${r}`,
    unit: '',
    expected: exactly((2 / r) * squares),
    found: ({ params }) => params(squeezed(r)) - params(plain),
  })),
})
