import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { shufflenetV1 } from '../papers.js'

const specs = ['shufflenet-v1:groups=1,scale=0.25', 'shufflenet-v1:scale=0.25', 'shufflenet-v1:groups=8,scale=0.25']

export const shufflenetQuarter = counted({
  id: 'shufflenet-quarter',
  claim: 'ShuffleNet 0.25x has 13 MFLOPs, with however many groups',
  paper: shufflenetV1,
  where: 'Table 2',
  says: '13 MFLOPs at 0.25x with 1, 2, 3, 4 and 8 groups',
  how: 'the networks whose widths divide, with 1, 3 and 8 groups, all channels scaled',
  counts: specs,
  figures: specs.map((spec) => ({
    name: `${/groups=\d/.exec(spec)?.[0].replace('groups=', '') ?? 3} groups`,
    unit: 'M',
    expected: printed('13'),
    found: ({ macs }) => macs(spec) / 1e6,
  })),
  publishedIsWrong: true,
  note: 'Scaled as the paper says, a stem of 6 channels gives 11.0 M with 1 and 3 groups. A stem of 12 would give 13.2 to 13.3 M. With 2 and 4 groups 0.25x has halves of channels, and how they were rounded is not published.',
})
