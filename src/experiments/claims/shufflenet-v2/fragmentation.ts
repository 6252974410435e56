import { g3 } from '../../guidelines/g3.js'
import { g3Set } from '../sets.js'
import { guidelineClaim } from './guideline.js'

export const fragmentation = guidelineClaim(g3, g3Set, {
  id: 'fragmentation',
  claim: 'G3: at equal FLOPs, more fragments are slower',
  where: 'section 2, Table 3',
  says: '2446 batches/s on a GPU and 40.2 images/s on ARM in one piece, 752 and 38.4 in four in a row, 691 and 35.0 in four side by side',
})
