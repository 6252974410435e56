import { counted } from '../claim.js'
import { about } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

const [small, alexnet] = ['mobilenet-v1:width=0.5,resolution=160', 'alexnet:variant=caffe,resolution=224']

export const alexnetBeside = counted({
  id: 'alexnet-beside',
  claim: 'MobileNet 0.50-160 is 45 times smaller than AlexNet and takes 9.4 times less computation',
  paper: mobilenetV1,
  where: 'section 4.1, Table 9',
  says: '60 M and 1.32 M parameters, 720 M and 76 M mult-adds',
  how: 'both networks counted, AlexNet with its two towers at 224 pixels, which has the 720 M',
  counts: [small, alexnet],
  figures: [
    { name: 'params', unit: 'x', expected: about(45), found: ({ params }) => params(alexnet) / params(small) },
    { name: 'MACs', unit: 'x', expected: about(9.4), found: ({ macs }) => macs(alexnet) / macs(small) },
  ],
})
