import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { shufflenetV2 } from '../papers.js'

const ratios = [4, 2] as const
const labelOf = (ratio: number) => `shufflenet-v1-50 with bottlenecks of 1:${ratio}`

export const shufflenetV1Depth50 = counted({
  id: 'shufflenet-v1-50',
  claim: 'ShuffleNet V1-50 has 2.3 GFLOPs, as many as V2-50',
  paper: shufflenetV2,
  where: 'section 4.2, Table 6; appendix, Table 2',
  says: '2.3 GFLOPs with 3 groups; 360, 720, 1440 and 2880 channels',
  how: "the appendix's table, with bottlenecks of a quarter of the channels, as ShuffleNet V1 has them, and of half of them",
  counts: ratios.map(labelOf),
  figures: ratios.map((ratio) => ({
    name: `bottlenecks of 1:${ratio}`,
    unit: 'G',
    expected: printed('2.3'),
    found: ({ macs }) => macs(labelOf(ratio)) / 1e9,
  })),
  publishedIsWrong: true,
  note: "With ShuffleNet V1's own bottleneck the table makes 1.21 G, half of what is published; with bottlenecks twice as wide it makes 2.40 G. V2-50 beside it comes out as published.",
})
