import { measured } from '../claim.js'
import { shareWithout, sum } from '../evidence.js'
import { atMost, between } from '../expected.js'
import { shufflenetV2 } from '../papers.js'
import { altered } from '../sets.js'

const networks = [
  ['mobilenet-v2', 'mobilenet-v2 without ReLU6 and Add'],
  ['shufflenet-v1', 'shufflenet-v1 without ReLU and Add'],
] as const

const elementwise = /(^|\/)(relu6?|add)$/

export const elementwiseShare = measured({
  id: 'elementwise-share',
  claim: 'Element-wise operations take 5 to 20 % of the time, though almost no FLOPs',
  paper: shufflenetV2,
  where: 'section 2, Figure 2, guideline 4',
  says: 'ReLU, additions of tensors and of biases take a considerable part of the time of ShuffleNet V1 and MobileNet V2: 5 to 20 % in a chart',
  how: 'each network by turns with itself without activations and additions; their share of the time, and of the FLOPs',
  counts: networks.map(([network]) => network),
  set: altered,
  figures: networks.flatMap(([network, bare]) => [
    {
      name: `time of ${network}`,
      unit: '%',
      expected: between(5, 20, 'the range of the claim'),
      found: ({ time }) => shareWithout(time(bare, { over: network })),
    },
    {
      name: `FLOPs of ${network}`,
      unit: '%',
      expected: atMost(5, 'almost none'),
      found: ({ layers, flops }) => (100 * sum(layers(network, elementwise), 'flops')) / flops(network),
    },
  ]),
})
