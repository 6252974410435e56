import { receptiveFields } from '../../../analyzers/receptive-field.js'
import { counted } from '../claim.js'
import type { Evidence } from '../evidence.js'
import { atLeast, between } from '../expected.js'
import { shufflenetV2 } from '../papers.js'
import { normal, wide } from './fields.js'

const field = ({ graph }: Evidence, label: string): number =>
  receptiveFields(graph(label))?.widest?.axes[0]?.size ?? Number.NaN

export const wideField = counted({
  id: 'wide-field',
  claim: 'One more depthwise convolution a unit widens the receptive field for a few more FLOPs',
  paper: shufflenetV2,
  where: 'section 4.3, ShuffleNet V2*',
  says: 'a larger receptive field with only a few additional FLOPs; no figure is given',
  how: 'ShuffleNet V2 1x with and without a depthwise 3 x 3 before the first pointwise convolution of each unit',
  counts: [normal, wide],
  figures: [
    {
      name: 'MACs added',
      unit: '%',
      expected: between(0, 5, 'a few'),
      found: ({ macs }) => 100 * (macs(wide) / macs(normal) - 1),
    },
    {
      name: 'receptive field, wide over normal',
      unit: 'x',
      expected: atLeast(1, 'larger by whatever'),
      found: (evidence) => field(evidence, wide) / field(evidence, normal),
    },
  ],
})
