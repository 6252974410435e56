import { measured } from '../claim.js'
import { rising } from '../evidence.js'
import { between } from '../expected.js'
import { senet } from '../papers.js'
import { squeezed } from '../sets.js'

export const seCpuTime = measured({
  id: 'se-cpu-time',
  claim: 'SE blocks add 1.8 % to the time of ResNet-50 on a CPU',
  paper: senet,
  where: 'section 4',
  says: '164 and 167 ms for an image of 224 pixels',
  how: 'one image through each network, by turns',
  set: squeezed,
  figures: [
    {
      name: 'time added',
      unit: '%',
      expected: between(0, 3.7, 'at most twice what is published, on another CPU and library', 1.8),
      found: ({ time }) => rising(time('se-resnet-50', { over: 'resnet-50:version=1' }), (ratio) => 100 * (ratio - 1)),
    },
  ],
})
