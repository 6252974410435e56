import { counted } from '../claim.js'
import { about } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

export const vggBeside = counted({
  id: 'vgg-beside',
  claim: 'MobileNet is 32 times smaller than VGG-16 and takes 27 times less computation',
  paper: mobilenetV1,
  where: 'section 4.1, Table 8',
  says: '138 M and 4.2 M parameters, 15300 M and 569 M mult-adds',
  how: 'both networks counted; the 15300 M are those of the convolutions alone',
  counts: ['mobilenet-v1', 'vgg-16'],
  figures: [
    {
      name: 'params',
      unit: 'x',
      expected: about(32),
      found: ({ params }) => params('vgg-16') / params('mobilenet-v1'),
    },
    {
      name: 'MACs',
      unit: 'x',
      expected: about(27),
      found: ({ macs }) => macs('vgg-16') / macs('mobilenet-v1'),
    },
  ],
})
