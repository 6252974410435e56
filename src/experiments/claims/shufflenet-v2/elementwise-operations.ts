import { g4 } from '../../guidelines/g4.js'
import { g4Set } from '../sets.js'
import { guidelineClaim } from './guideline.js'

export const elementwiseOperations = guidelineClaim(g4, g4Set, {
  id: 'elementwise-operations',
  claim: 'G4: without ReLU or shortcut a bottleneck is faster',
  where: 'section 2, Table 4',
  says: '2427 batches/s on a GPU and 56.7 images/s on ARM with both, 2672 and 57.3 without ReLU, 2647 and 61.9 without shortcut',
})
