import { g1 } from '../../guidelines/g1.js'
import { g1Set } from '../sets.js'
import { guidelineClaim } from './guideline.js'

export const equalChannelWidth = guidelineClaim(g1, g1Set, {
  id: 'equal-channel-width',
  claim: 'G1: at equal FLOPs, unequal channel widths are slower',
  where: 'section 2, Table 1',
  says: '1480, 1296, 876 and 748 batches/s on a GPU, 76.2, 72.9, 69.1 and 57.6 images/s on ARM for 1:1, 1:2, 1:6 and 1:12',
})
