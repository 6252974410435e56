import { counted } from '../claim.js'
import { mobilenetV1 } from '../papers.js'
import { leftOf, thinned } from './widths.js'

export const widthSquared = counted({
  id: 'width-squared',
  claim: 'A width multiplier scales computation by about its square',
  paper: mobilenetV1,
  where: 'section 3.3, Table 6',
  says: 'by roughly α²: 569, 325, 149 and 41 M mult-adds at 1, 0.75, 0.5 and 0.25',
  how: 'MACs at each width over those at 1',
  counts: thinned,
  figures: leftOf('macs'),
})
