import { elements } from '../../onnx/element-types.js'
import type { Shape } from './rule.js'

/** Shape of a zero point, which is not subtracted or added where it is omitted. */
type ZeroPoint = Shape | undefined

/**
 * Operations an element of saturate(round(x / scale) + zero point): division, rounding and the two comparisons of Clip; an
 * addition with a zero point. Making an accumulator of integers an 8-bit integer again costs the same, with a
 * multiplication by the folded scales in place of the division.
 * @see https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html
 */
export const quantizeFlops = (zeroPoint: ZeroPoint): number => (zeroPoint === undefined ? 4 : 5)

/**
 * Operations an element of (x − zero point) · scale.
 * @see https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export const dequantizeFlops = (zeroPoint: ZeroPoint): number => (zeroPoint === undefined ? 1 : 2)

export const quantized = (y: Shape, zeroPoint: ZeroPoint) => ({ flops: quantizeFlops(zeroPoint) * elements(y) })

export const dequantized = (x: Shape, zeroPoint: ZeroPoint) => ({ flops: dequantizeFlops(zeroPoint) * elements(x) })

/** Subtracting a zero point from each element of a tensor, as the definitions of integer products do. */
export const centred = (x: Shape, zeroPoint: ZeroPoint) => ({ flops: zeroPoint === undefined ? 0 : elements(x) })

/**
 * Quantization with a scale and a zero point that come from the largest and smallest element, 0 among them.
 *
 * Once a tensor seven: the range, the scale, and the zero point by division, subtraction, rounding and two comparisons.
 * @see https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html
 */
export const dynamicallyQuantized = (x: Shape) => ({ flops: (2 + quantizeFlops([])) * elements(x) + 7 })
