import { measured } from '../claim.js'
import { elsewhere } from '../expected.js'
import { shufflenetV1 } from '../papers.js'
import { alexnetBeside } from '../sets.js'
import { alexnet, half } from './alexnet.js'

export const alexnetInPractice = measured({
  id: 'alexnet-in-practice',
  claim: 'ShuffleNet 0.5x is about 13 times faster than AlexNet',
  paper: shufflenetV1,
  where: 'abstract, section 4.6, Table 8',
  says: 'about 13 times; 184.0 and 15.2 ms at 224 pixels, 3633.9 and 260.1 ms at 720 x 1280, one thread of a Snapdragon 820',
  how: 'one image of 224 pixels through each network, by turns',
  set: alexnetBeside,
  figures: [
    {
      name: 'time, AlexNet over ShuffleNet',
      unit: 'x',
      expected: elsewhere(13),
      found: ({ time }) => time(alexnet, { over: half }),
    },
  ],
})
