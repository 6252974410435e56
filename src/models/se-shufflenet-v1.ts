import { architecture } from './architecture.js'
import { integer } from './options.js'
import { shuffleNet, shuffleNetV1Options } from './shufflenet-v1.js'

const { resolution, classes, batch, ...widths } = shuffleNetV1Options

/** SENet, Hu et al., CVPR 2018 (arXiv 1709.01507), Table 3: ShuffleNet with the block on each unit's branch. */
export const seShuffleNetV1 = architecture({
  name: 'se-shufflenet-v1',
  title: 'Squeeze-and-Excitation Networks: SE-ShuffleNet',
  year: 2017,
  source: 'arXiv 1709.01507',
  options: { ...widths, reduction: integer(16, 1, 1024), resolution, classes, batch },
  build: (net, { reduction, ...values }) => shuffleNet(net, values, reduction),
  variants: [
    {
      options: '',
      params: 2476144,
      macs: 138071088,
      paper: {
        params: '2.4 M',
        macs: '142 M',
        top1: 69,
        top5: 88.9,
        source: 'SENet, arXiv 1709.01507, Table 3',
      },
      note: 'the paper adds 2 M to a nominal 140 M, as we do with the 1.6 M of squeezing to the exact 137.5 M; its 2.4 M leaves out BatchNorm (2.45 M)',
    },
  ],
})
