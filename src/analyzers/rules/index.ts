import { activationBetweenDepthwiseAndPointwise } from './activation-between-depthwise-and-pointwise.js'
import { elementwiseShare } from './elementwise-share.js'
import { fragmentation } from './fragmentation.js'
import { groupConvolution } from './group-convolution.js'
import { largeReduction } from './large-reduction.js'
import { lateSqueezeExcitation } from './late-squeeze-excitation.js'
import { nonlinearBottleneck } from './nonlinear-bottleneck.js'
import { providerFallback } from './provider-fallback.js'
import { redundantLayoutChange } from './redundant-layout-change.js'
import type { LintRule } from './rule.js'
import { separateShuffle } from './separate-shuffle.js'
import { smallReceptiveField } from './small-receptive-field.js'
import { unalignedChannels } from './unaligned-channels.js'
import { unequalChannelWidth } from './unequal-channel-width.js'
import { unfusedNormalization } from './unfused-normalization.js'
import { unshuffledGroupConvolutions } from './unshuffled-group-convolutions.js'

/** Every rule: first those of the literature, then those of onnxruntime. */
export const rules: readonly LintRule[] = [
  unequalChannelWidth,
  groupConvolution,
  fragmentation,
  elementwiseShare,
  separateShuffle,
  unshuffledGroupConvolutions,
  nonlinearBottleneck,
  activationBetweenDepthwiseAndPointwise,
  lateSqueezeExcitation,
  largeReduction,
  smallReceptiveField,
  unfusedNormalization,
  redundantLayoutChange,
  unalignedChannels,
  providerFallback,
]
