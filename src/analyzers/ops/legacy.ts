import { elementwise } from './elementwise.js'
import { dataThenSettings, rule } from './rule.js'

// operators that ai.onnx had before it was stable and that onnxruntime still runs, up to opset 9:
// https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/onnx_deprecated_operators.cc

/** alpha · x + beta, or scale · x and a bias for each channel. */
const affine = elementwise(['Affine', 'ImageScaler'], 2, 'FLOPs 2 · |y|: multiplication, addition')

/** scale · x. */
const scale = elementwise(['Scale'], 1, 'FLOPs |y|: multiplication')

/** alpha · tanh(beta · x). */
const scaledTanh = elementwise(['ScaledTanh'], 3, 'FLOPs 3 · |y|: two multiplications, hyperbolic tangent')

/** alpha · ln(e^(beta · x) + 1). */
const parametricSoftplus = elementwise(
  ['ParametricSoftplus'],
  5,
  'FLOPs 5 · |y|: the three of Softplus, two multiplications',
)

/** Parts of the first input: [N, C, H, W] without its border, or between starts and ends. */
const selected = rule(['Crop', 'DynamicSlice'], {
  formula: 'reads and writes what is selected',
  cost: 'free',
  role: dataThenSettings,
  kernelClass: 'data-movement',
  traffic: 'gather',
})

export const legacy = [affine, scale, scaledTanh, parametricSoftplus, selected]
