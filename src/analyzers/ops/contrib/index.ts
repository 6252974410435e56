import type { OpRule } from '../rule.js'
import { contribActivation } from './activation.js'
import { contribAttention } from './attention.js'
import { blockQuantized } from './block-quantized.js'
import { contribConvolution } from './convolution.js'
import { experts } from './experts.js'
import { groupedAttention } from './grouped-attention.js'
import { contribLinearAttention } from './linear-attention.js'
import { contribMatrix } from './matrix.js'
import { contribMovement } from './movement.js'
import { nchwc } from './nchwc.js'
import { nhwc } from './nhwc.js'
import { contribNormalization } from './normalization.js'
import { numeric } from './numeric.js'
import { position } from './position.js'
import { contribQuantization } from './quantization.js'
import { quantizedLayers } from './quantized-layers.js'
import { contribRecurrent } from './recurrent.js'

/** Operators that onnxruntime adds to ai.onnx: those that models are exported with, and those that its optimizer writes. */
export const contrib: readonly OpRule[] = [
  contribConvolution,
  nchwc,
  nhwc,
  contribMatrix,
  blockQuantized,
  contribQuantization,
  quantizedLayers,
  contribActivation,
  contribNormalization,
  contribAttention,
  groupedAttention,
  contribLinearAttention,
  position,
  experts,
  contribRecurrent,
  numeric,
  contribMovement,
].flat()
