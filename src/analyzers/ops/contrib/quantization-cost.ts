/**
 * Operations an element of y = clamp(round(x / scale) + zero point): division, rounding, addition, clamping. Making an
 * accumulator of integers an 8-bit integer again costs the same, with a multiplication in place of the division.
 * @see https://onnx.ai/onnx/operators/onnx__QuantizeLinear.html
 */
export const quantizeFlops = 4

/**
 * Operations an element of y = (x − zero point) · scale, also where the zero point is left at its default.
 * @see https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html
 */
export const dequantizeFlops = 2

/**
 * Operations an element of DynamicQuantizeLinear: smallest, largest, quantization. Making the scale of the two, a few
 * operations a tensor, is not counted.
 * @see https://onnx.ai/onnx/operators/onnx__DynamicQuantizeLinear.html
 */
export const dynamicQuantizeFlops = 2 + quantizeFlops
