import { counted } from '../claim.js'
import { mobilenetV1 } from '../papers.js'
import { leftOf, thinned } from './widths.js'

export const widthSquaredParams = counted({
  id: 'width-squared-params',
  claim: 'A width multiplier scales the number of parameters by about its square',
  paper: mobilenetV1,
  where: 'section 3.3, Table 6',
  says: 'by roughly α²: 4.2, 2.6, 1.3 and 0.5 M parameters at 1, 0.75, 0.5 and 0.25',
  how: 'parameters at each width over those at 1',
  counts: thinned,
  figures: leftOf('params'),
  note: 'The classifier has 1024 · α · 1000 weights, which scale with α and not with its square: a quarter of the parameters at width 1, more than half of the 470,072 at 0.25. Without it 0.566, 0.255 and 0.066 of the parameters are left.',
})
