import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { shufflenetV2 } from '../papers.js'

const rows = [
  ['0.5', '41'],
  ['1', '146'],
  ['1.5', '299'],
  ['2', '591'],
] as const

export const complexities = counted({
  id: 'complexities',
  claim: 'ShuffleNet V2 has 41, 146, 299 and 591 MFLOPs at 0.5x to 2x',
  paper: shufflenetV2,
  where: 'Table 5',
  says: '41, 146, 299 and 591 MFLOPs at 0.5x, 1x, 1.5x and 2x',
  how: "the network as the authors' code has it",
  counts: rows.map(([scale]) => `shufflenet-v2:scale=${scale}`),
  figures: rows.map(([scale, published]) => ({
    name: `${scale}x`,
    unit: 'M',
    expected: printed(published),
    found: ({ macs }) => macs(`shufflenet-v2:scale=${scale}`) / 1e6,
  })),
  publishedIsWrong: true,
  note: "At 0.5x torchvision's network and the authors' are the same and have 40,476,448 MACs, which is 40 M; the other three rows are exact.",
})
