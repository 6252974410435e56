import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, type OpRule, type RuleInput, rule } from './rule.js'

type PerElement = number | ((input: RuleInput) => number)

/**
 * A rule for operators that do the same operations for each element of the output y, whatever its inputs' shapes: a
 * broadcast input is used again for every element it reaches. Integers and booleans count as floats do.
 */
export const elementwise = (
  ops: readonly string[],
  flopsPerElement: PerElement,
  formula: string,
  role: OpRule['role'] = () => 'operand',
): OpRule =>
  rule(ops, {
    formula,
    cost: (input) => ({
      flops: elements(input.y) * (typeof flopsPerElement === 'number' ? flopsPerElement : flopsPerElement(input)),
    }),
    kernelClass: 'elementwise',
    role,
  })

/**
 * y = a ∘ b; a constant of several elements is a trained scale or shift.
 * @see https://onnx.ai/onnx/operators/onnx__Add.html
 */
const arithmetic = elementwise(['Add', 'Sub', 'Mul', 'Div'], 1, 'FLOPs |y|')

/**
 * y = a ^ b, a mod b, a << b; the exponent, modulus or distance is a setting.
 * @see https://onnx.ai/onnx/operators/onnx__Pow.html
 */
const power = elementwise(['Pow', 'Mod', 'BitShift'], 1, 'FLOPs |y|', dataThenSettings)

/**
 * y = f(x), whether f is a sign flip, a rounding or an elementary function.
 * @see https://onnx.ai/onnx/operators/
 */
const unary = elementwise(
  [
    ...['Abs', 'Neg', 'Sign', 'Floor', 'Ceil', 'Round', 'Reciprocal', 'Sqrt', 'Exp', 'Log', 'Erf', 'IsNaN', 'IsInf'],
    ...['Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Asinh', 'Acosh', 'Atanh', 'Not', 'BitwiseNot'],
  ],
  1,
  'FLOPs |y|',
)

/**
 * y = a ⋈ b; a constant is a threshold or a mask, never trained.
 * @see https://onnx.ai/onnx/operators/onnx__Equal.html
 */
const comparison = elementwise(
  [
    ...['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'],
    ...['And', 'Or', 'Xor', 'BitwiseAnd', 'BitwiseOr', 'BitwiseXor'],
  ],
  1,
  'FLOPs |y|',
  () => 'setting',
)

/**
 * y = condition ? a : b; a and b may be trained (a mask token), the condition is not.
 * @see https://onnx.ai/onnx/operators/onnx__Where.html
 */
const where = elementwise(['Where'], 1, 'FLOPs |y|: selection', (index) => (index === 0 ? 'setting' : 'operand'))

/**
 * Largest or smallest of n inputs; a constant is a bound.
 * @see https://onnx.ai/onnx/operators/onnx__Max.html
 */
const extremum = elementwise(
  ['Max', 'Min'],
  ({ inputs }) => inputs.length - 1,
  'FLOPs (n − 1) · |y|: comparisons of n inputs',
  () => 'setting',
)

/** @see https://onnx.ai/onnx/operators/onnx__Sum.html */
const sum = elementwise(['Sum'], ({ inputs }) => inputs.length - 1, 'FLOPs (n − 1) · |y|: additions of n inputs')

/** @see https://onnx.ai/onnx/operators/onnx__Mean.html */
const mean = elementwise(
  ['Mean'],
  ({ inputs }) => inputs.length,
  'FLOPs n · |y|: n − 1 additions of n inputs, one division',
)

export const elementwiseOps = [arithmetic, power, unary, comparison, where, extremum, sum, mean]
