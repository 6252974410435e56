import { fixedShape } from '../onnx/fixed-shape.js'
import type { ExecutedKernel, KernelClass, TensorType } from '../types.js'
import { tensorBytes } from './cost.js'
import { ruleOf } from './ops/index.js'
import type { Attributes, OpRule, RuleInput, Shape } from './ops/rule.js'
import { movedBytes } from './traffic.js'

/** What a kernel costs as it runs: channels that it pads, tensors that fusing left. */
export interface KernelCost {
  readonly macs: number | null
  /** Null where no rule counts the kernel, or a size is not known. */
  readonly flops: number | null
  readonly bytes: number
  readonly kernelClass: KernelClass
  /** Element type of the first operand of its multiplications. */
  readonly operandType: string | null
}

/** Costs of a kernel by the operator's rule, from the types that its profile or its graph shows. */
export function kernelCost(kernel: ExecutedKernel): KernelCost {
  const rule = ruleOf(kernel.domain, kernel.op)
  const input = ruleInput(kernel)
  const cost = rule?.cost === 'free' ? {} : input === null ? null : (rule?.cost(input) ?? null)
  const { macs = 0, flops = 0 } = cost ?? {}
  const isKnown = rule !== undefined && cost !== null
  return {
    macs: isKnown ? macs : null,
    flops: isKnown ? 2 * macs + flops : null,
    bytes: kernelBytes(kernel, rule),
    kernelClass: classOf(rule, input),
    operandType: input?.types[rule?.operands[0] ?? 0] ?? null,
  }
}

function classOf(rule: OpRule | undefined, input: RuleInput | null): KernelClass {
  if (rule === undefined) return 'other'
  if (typeof rule.kernelClass === 'string') return rule.kernelClass
  return input === null ? 'other' : rule.kernelClass(input)
}

/** Bytes a kernel reads and writes once. */
function kernelBytes({ inputs, inputTypes, outputTypes }: ExecutedKernel, rule: OpRule | undefined): number {
  const names = inputs.filter(Boolean)
  const moved = (types: readonly TensorType[], nameOf: (index: number) => string | undefined) =>
    types.map((type, index) => ({ name: nameOf(index) ?? `#${index}`, bytes: tensorBytes(type) ?? 0 }))
  const written = moved(outputTypes, () => undefined)
  const { readBytes, writeBytes } = movedBytes(
    rule?.traffic ?? 'all',
    moved(inputTypes, (index) => names[index]),
    written,
  )
  return (readBytes ?? 0) + (writeBytes ?? 0)
}

/** What a rule sees of a kernel; null where a size is not known. */
function ruleInput({ inputs, inputTypes, outputTypes, attributes }: ExecutedKernel): RuleInput | null {
  const types = byPosition(inputs, inputTypes)
  const shapes = types.map((type) => (type === undefined ? undefined : fixedShape(type)))
  const made = outputTypes.map((type) => fixedShape(type))
  if (shapes.includes(null) || made.includes(null) || made.length === 0) return null
  const known = shapes as (Shape | undefined)[]
  return {
    inputs: known,
    outputs: made as Shape[],
    x: known[0] ?? [],
    w: known[1] ?? [],
    b: known[2],
    y: made[0] ?? [],
    types: types.map((type) => type?.elementType),
    attributes: settings(attributes),
  }
}

/** Types stand for the inputs that are there; others are omitted. */
function byPosition(inputs: readonly string[], types: readonly TensorType[]): (TensorType | undefined)[] {
  if (inputs.length === 0) return [...types]
  let next = 0
  return inputs.map((name) => (name === '' ? undefined : types[next++]))
}

const settings = (attributes: ExecutedKernel['attributes']): Attributes => {
  const numbers = (name: string) => {
    const value = attributes[name]
    return typeof value === 'object' ? value : undefined
  }
  const number = (name: string, otherwise: number) => {
    const value = attributes[name]
    return typeof value === 'number' ? value : otherwise
  }
  return {
    int: number,
    float: number,
    ints: numbers,
    floats: numbers,
    string: (name, otherwise) => {
      const value = attributes[name]
      return typeof value === 'string' ? value : otherwise
    },
    strings: () => undefined,
  }
}
