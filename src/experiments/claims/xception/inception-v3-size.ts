import { counted } from '../claim.js'
import { exactly } from '../expected.js'
import { xception } from '../papers.js'

export const inceptionV3Size = counted({
  id: 'inception-v3-size',
  claim: 'Inception V3 has 23,626,728 parameters',
  paper: xception,
  where: 'Table 3',
  says: '23,626,728 parameters',
  how: 'the network counted without its auxiliary classifier, which alone has 3.3 M',
  counts: ['inception-v3'],
  figures: [{ name: 'params', unit: '', expected: exactly(23626728), found: ({ params }) => params('inception-v3') }],
  publishedIsWrong: true,
  note: "No public Inception V3 has so many: torchvision's and this one have 23,834,568, Keras's 23,817,352, since its BatchNorm has no scale. Xception's own figure in the same table is exact.",
})
