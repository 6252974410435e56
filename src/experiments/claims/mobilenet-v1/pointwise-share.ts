import type { LayerCost } from '../../../types.js'
import { counted } from '../claim.js'
import type { Evidence } from '../evidence.js'
import { printed } from '../expected.js'
import { mobilenetV1 } from '../papers.js'
import { shareOfMacs } from './share-of-macs.js'

const pointwise = /\/pointwise\/conv$/

/** Of weights alone: the paper leaves biases and BatchNorm out. */
function shareOfWeights({ layers, by }: Evidence): number {
  const params = layers('mobilenet-v1', pointwise).reduce((total, { params }: LayerCost) => total + params, 0)
  return (100 * params) / by('mobilenet', 'mobilenet-v1').params
}

export const pointwiseShare = counted({
  id: 'pointwise-share',
  claim: "1 x 1 convolutions hold 95 % of MobileNet's MACs and 75 % of its parameters",
  paper: mobilenetV1,
  where: 'section 3.2, Table 2',
  says: '94.86 % of mult-adds, 74.59 % of parameters',
  how: 'MACs and weights of its 13 pointwise convolutions over those of all layers, biases and BatchNorm left out as in the table',
  counts: ['mobilenet-v1'],
  figures: [
    { name: 'MACs', unit: '%', expected: printed('94.86'), found: shareOfMacs(pointwise) },
    { name: 'weights', unit: '%', expected: printed('74.59'), found: shareOfWeights },
  ],
})
