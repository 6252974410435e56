import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { senet } from '../papers.js'
import { reductions, squeezed } from './networks.js'

const published = { 2: '45.7', 4: '35.7', 8: '30.7', 16: '28.1', 32: '26.9' } as const

export const reductionRatios = counted({
  id: 'reduction-ratios',
  claim: 'SE-ResNet-50 has 45.7, 35.7, 30.7, 28.1 and 26.9 M parameters at reduction ratios of 2 to 32',
  paper: senet,
  where: 'section 6.1, Table 10',
  says: '45.7, 35.7, 30.7, 28.1 and 26.9 M parameters at r = 2, 4, 8, 16 and 32',
  how: "parameters as the paper counts, with BatchNorm's running mean and variance and without biases of SE",
  counts: reductions.map((r) => squeezed(r)),
  figures: reductions.map((r) => ({
    name: `r = ${r}`,
    unit: 'M',
    expected: printed(published[r]),
    found: (evidence) => evidence.by('senet', squeezed(r)).params / 1e6,
  })),
  publishedIsWrong: true,
  note: 'Four of five rows follow from one rule. At r = 8 it gives 30,640,040, which is 30.6 M: a quarter of 20,119,552 (equation 5) more than the 25.6 M of ResNet-50 with its statistics.',
})
