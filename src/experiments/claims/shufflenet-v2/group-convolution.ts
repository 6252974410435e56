import { g2 } from '../../guidelines/g2.js'
import { g2Set } from '../sets.js'
import { guidelineClaim } from './guideline.js'

export const groupConvolution = guidelineClaim(g2, g2Set, {
  id: 'group-convolution',
  claim: 'G2: at equal FLOPs, more groups are slower',
  where: 'section 2, Table 2',
  says: '2451, 1725, 1026 and 634 batches/s on a GPU, 40.0, 35.0, 32.9 and 27.8 images/s on ARM with 1, 2, 4 and 8 groups',
})
