import { createHash } from 'node:crypto'
import { constantValues } from '../../onnx/constant.js'
import { elements, isFloating } from '../../onnx/element-types.js'
import type { Attribute, Body, ModelNode, Weight } from '../../types.js'
import { structureHashOf } from '../identify.js'
import { ruleOf } from '../ops/index.js'

/**
 * What a node is told beyond its data, as text by name: attributes that are not the operator's default, and constants
 * that say what is done (a shape to reshape to, axes, bounds), which later opsets have instead of attributes.
 */
export function settingsOf(node: ModelNode, weights: ReadonlyMap<string, Weight>): Map<string, string> {
  const defaults = node.domain === '' ? (defaultsOf.get(node.op) ?? {}) : {}
  const attributes = Object.entries(node.attributes).flatMap(([name, attribute]): [string, string][] => {
    if (attribute.type === 'tensor' && isTrained(attribute.value)) return []
    const text = attributeText(attribute)
    return isDefault(defaults[name], text) ? [] : [[name, text]]
  })
  const constants = node.inputs.flatMap((name, index): [string, string][] => {
    const weight = weights.get(name)
    return weight !== undefined && isSetting(node, index, weight) ? [[`input ${index}`, weightText(weight)]] : []
  })
  return new Map([...attributes, ...constants].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function attributeText({ type, ...attribute }: Attribute): string {
  if (!('value' in attribute)) return 'a type or a list of tensors'
  const { value } = attribute
  if (typeof value === 'object' && 'data' in value) return weightText(value)
  if (typeof value === 'object' && 'nodes' in value) return `${value.nodes.length} nodes, sha256 ${shortHash(value)}`
  return [value].flat().map(scalarText).join(',')
}

const shortHash = (body: Body): string => structureHashOf(body).slice(0, 8)

/** Seven digits are all a float32 has. */
const scalarText = (value: number | string): string =>
  typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(7))) : String(value)

/** A weight, which is told by the type of the tensor it is. */
const isTrained = ({ elementType, dims }: Weight): boolean => isFloating(elementType) && dims.length > 0

/** A constant's values, or their hash where they are many. */
function weightText(weight: Weight): string {
  const { elementType, dims, data } = weight
  const type = `${elementType} ${dims.length === 0 ? 'scalar' : dims.join('x')}`
  if (data.kind !== 'inline') return type
  const values = elements(dims) <= mostShown ? constantValues(weight) : null
  if (values !== null) return values.map(scalarText).join(',')
  return `${type}, sha256 ${createHash('sha256').update(data.bytes).digest('hex').slice(0, 8)}`
}

const mostShown = 16

/** Trained values and state are not compared, nor are tables. */
function isSetting({ domain, op }: ModelNode, index: number, weight: Weight): boolean {
  const role = ruleOf(domain, op)?.role(index) ?? 'operand'
  if (role !== 'setting' && role !== 'operand') return false
  return elements(weight.dims) <= mostCompared && !isTrained(weight)
}

const mostCompared = 64

const [zeros, ones] = [/^0(,0)*$/, /^1(,1)*$/]
const window = { auto_pad: 'NOTSET', dilations: ones, pads: zeros, strides: ones }
const convolution = { ...window, group: '1' }
const reduction = { keepdims: '1', noop_with_empty_axes: '0' }

/**
 * Attributes that some exporters write and others leave out, with the value they then have.
 * @see https://onnx.ai/onnx/operators/
 */
const defaultsOf = new Map<string, Readonly<Record<string, string | RegExp>>>(
  Object.entries({
    Conv: convolution,
    ConvTranspose: { ...convolution, output_padding: zeros },
    MaxPool: { ...window, ceil_mode: '0', storage_order: '0' },
    AveragePool: { ...window, ceil_mode: '0', count_include_pad: '0' },
    BatchNormalization: { epsilon: '0.00001', momentum: '0.9', training_mode: '0' },
    Gemm: { alpha: '1', beta: '1', transA: '0', transB: '0' },
    Flatten: { axis: '1' },
    Reshape: { allowzero: '0' },
    LeakyRelu: { alpha: '0.01' },
    Elu: { alpha: '1' },
    HardSigmoid: { alpha: '0.2', beta: '0.5' },
    ReduceMean: reduction,
    ReduceSum: reduction,
    ReduceMax: reduction,
    ReduceMin: reduction,
  }),
)

const isDefault = (standard: string | RegExp | undefined, text: string): boolean =>
  standard instanceof RegExp ? standard.test(text) : standard === text
