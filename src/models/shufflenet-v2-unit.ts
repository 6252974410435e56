import type { Network, Value } from './builder.js'
import { squeezeExcitation } from './squeeze-excitation.js'

/** What the units of a ShuffleNet V2 have beyond the plain one. */
export interface UnitForm {
  /** Where the shape changes, both branches are as wide, as in torchvision; else the left one keeps the input's width. */
  readonly equalBranches?: boolean
  /** A depthwise 3 x 3 before the first pointwise convolution (section 4.3, v2*). */
  readonly wide?: boolean
  /** Squeeze-and-Excitation to half the branch's channels (appendix). */
  readonly squeezed?: boolean
  /** The branch is added to its input (appendix). */
  readonly residual?: boolean
}

/** Figure 3c where the shape stays, 3d where it changes. */
export const shuffleUnit = (
  net: Network,
  x: Value,
  { out, stride, form }: { out: number; stride: number; form: UnitForm },
): Value => (stride === 1 && x.channels === out ? keeping(net, x, form) : changing(net, x, { out, stride, form }))

/** The left half passes by. */
function keeping(net: Network, x: Value, form: UnitForm): Value {
  const [left, right] = net.halves(x)
  const { channels } = right
  const worked = net.scope('right', () => branch(net, right, { width: channels, out: channels, stride: 1, form }))
  const added = form.residual ? net.add(right, worked) : worked
  return net.channelShuffle(net.concat([left, net.relu(added)]), 2)
}

/** Both branches see the whole input. */
function changing(
  net: Network,
  x: Value,
  { out, stride, form }: { out: number; stride: number; form: UnitForm },
): Value {
  const leftWidth = form.equalBranches ? out / 2 : x.channels
  const left = net.scope('left', () => {
    const filtered = net.scope('depthwise', () => net.batchNorm(net.depthwise(x, { kernel: 3, stride })))
    return net.relu(net.batchNorm(net.conv(filtered, { out: leftWidth, kernel: 1 })))
  })
  const right = net.scope('right', () => branch(net, x, { width: out / 2, out: out - leftWidth, stride, form }))
  return net.channelShuffle(net.concat([left, net.relu(right)]), 2)
}

interface BranchOptions {
  readonly width: number
  readonly out: number
  readonly stride: number
  readonly form: UnitForm
}

/** Pointwise, depthwise, pointwise; the last ReLU is left to the unit. */
function branch(net: Network, x: Value, { width, out, stride, form }: BranchOptions): Value {
  const seen = form.wide ? net.scope('widen', () => net.batchNorm(net.depthwise(x, { kernel: 3 }))) : x
  const entered = net.scope('enter', () => net.relu(net.batchNorm(net.conv(seen, { out: width, kernel: 1 }))))
  const filtered = net.scope('depthwise', () => net.batchNorm(net.depthwise(entered, { kernel: 3, stride })))
  const left = net.scope('leave', () => net.batchNorm(net.conv(filtered, { out, kernel: 1 })))
  return form.squeezed ? squeezeExcitation(net, left, { hidden: Math.floor(out / 2) }) : left
}
