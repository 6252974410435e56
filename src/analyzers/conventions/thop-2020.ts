import { biasOf, byMode, byOp, perInput, perOutput } from './amounts.js'
import type { Convention, Rule } from './convention.js'
import { thop } from './thop.js'

/** As the later versions, and the bias. */
const withBias =
  (rule: Rule | undefined): Rule =>
  (seen) => ({ ...rule?.(seen), bias: biasOf(seen) })

const interpolation = byMode({ linear: perOutput(11), cubic: perOutput(259) })

/** The version that papers of 2020 and 2021 used: biases of convolutions, BatchNorm two an element. */
export const thop2020: Convention = {
  ...thop,
  name: 'thop-2020',
  title: 'thop 0.0.31.post2005241907, profile',
  source: 'https://pypi.org/project/thop/0.0.31.post2005241907',
  rules: {
    ...thop.rules,
    convolution: withBias(thop.rules.convolution),
    'transposed-convolution': withBias(thop.rules['transposed-convolution']),
    'batch-norm': perInput(2),
    normalization: () => ({}),
    softmax: () => ({}),
    activation: byOp({ LeakyRelu: perInput(1) }),
    resize: byOp({ Resize: interpolation, Upsample: interpolation }),
  },
}
