import { FlopgapError } from '../errors.js'
import { bodiesOf } from '../onnx/body.js'
import { byteSize, elements, elementTypeName, elementTypeNumber } from '../onnx/element-types.js'
import type { ShapeQuery } from '../onnx/shape-model.js'
import type { Attribute, ElementType, Model, ModelNode, TensorType, Weight } from '../types.js'
import { explain } from './ort.js'

/** Element types whose kernels the CPU lacks; onnxruntime runs float16 by converting it, so that it can stand in. */
const withoutKernels = ['bfloat16', 'float64']

/** What may stand in for a type: for floats one that is run, for the narrow ones those that quantisation knows. */
const standInsFor = (type: ElementType): readonly ElementType[] =>
  withoutKernels.includes(type) ? ['float16'] : ['int16', 'uint16', 'int8', 'uint8']

/** What onnxruntime cannot run of a model, learned from its errors, and how to ask for types all the same. */
export class Refusals {
  /** `domain:op`, or `*:op` where the error does not tell the domain. */
  readonly #ops = new Set<string>()
  readonly #functions: Model['functions']
  /** Types that others stand in for. */
  readonly #standIns = new Map<ElementType, ElementType>()

  constructor({ functions }: Model) {
    this.#functions = functions
  }

  get any(): boolean {
    return this.#ops.size > 0
  }

  /** True of a node whose operator is refused, or one inside it. */
  has(node: ModelNode): boolean {
    if (this.#ops.size === 0) return false
    const key = `${node.domain}:${node.op}`
    if (this.#ops.has(key) || this.#ops.has(`*:${node.op}`)) return true
    const inside = [...bodiesOf(node).map(([, { nodes }]) => nodes), this.#functions.get(key)?.nodes ?? []]
    return inside.some((nodes) => nodes.some((inner) => this.has(inner)))
  }

  /** The question as onnxruntime can answer it: with other types in place of those that it cannot take. */
  ask(query: ShapeQuery): ShapeQuery {
    if (this.#standIns.size === 0) return query
    const retype = ({ elementType, dims }: TensorType): TensorType => ({ elementType: this.#asked(elementType), dims })
    return {
      ...query,
      nodes: query.nodes.map((node) => ({ ...node, attributes: this.#retyped(node.attributes) })),
      types: new Map([...query.types].map(([name, type]) => [name, retype(type)])),
      constants: new Map([...query.constants].map(([name, weight]) => [name, this.#asStandIn(weight)])),
    }
  }

  answer(type: TensorType): TensorType {
    for (const [replaced, standIn] of this.#standIns) {
      if (type.elementType === standIn) return { ...type, elementType: replaced }
    }
    return type
  }

  /** False where an error says nothing new of what is refused. */
  learn(reason: string, nodes: readonly ModelNode[], types: ReadonlyMap<string, TensorType>): boolean {
    const used = new Set([...types.values()].map(({ elementType }) => elementType))
    if (this.#replace(unsupportedType(reason), used)) return true
    const foreign = withoutKernels.find((type) => used.has(type))
    if (noKernel.test(reason) && this.#replace(foreign, used)) return true
    const refused = refusedBy(reason) ?? this.#batchwise(reason, nodes)
    if (refused === null || this.#ops.has(refused)) return false
    this.#ops.add(refused)
    return nodes.some((node) => this.has(node))
  }

  /** An operator with `layout` 1, which onnxruntime has no kernel for and does not name. */
  #batchwise(reason: string, nodes: readonly ModelNode[]): string | null {
    const isBatchwise = ({ attributes: { layout } }: ModelNode) => layout?.type === 'int' && layout.value === 1
    const node = batchwise.test(reason) ? nodes.find((node) => isBatchwise(node) && !this.has(node)) : undefined
    return node === undefined ? null : `${node.domain}:${node.op}`
  }

  /** Lets a type that the model does not use stand in for one that onnxruntime cannot take; false where none can. */
  #replace(type: ElementType | undefined, used: ReadonlySet<ElementType>): boolean {
    if (type === undefined || this.#standIns.has(type)) return false
    const taken = new Set([...used, ...this.#standIns.values()])
    const standIn = standInsFor(type).find((candidate) => !taken.has(candidate))
    if (standIn === undefined) return false
    this.#standIns.set(type, standIn)
    return true
  }

  #asked(type: ElementType): ElementType {
    return this.#standIns.get(type) ?? type
  }

  #retyped(attributes: ModelNode['attributes']): Record<string, Attribute> {
    const changed: Record<string, Attribute> = { ...attributes }
    for (const name of typeAttributes) {
      const found = changed[name]
      if (found?.type !== 'int') continue
      changed[name] = { type: 'int', value: elementTypeNumber(this.#asked(elementTypeName(found.value))) }
    }
    return changed
  }

  /** Only shapes are asked for, so that the few values of a constant that is kept may be any that are not zero. */
  #asStandIn(weight: Weight): Weight {
    const elementType = this.#asked(weight.elementType)
    if (elementType === weight.elementType) return weight
    if (weight.data.kind !== 'inline') return { ...weight, elementType }
    const bytes = new Uint8Array(byteSize(elementType, elements(weight.dims)) ?? 0).fill(one)
    return { ...weight, elementType, data: { kind: 'inline', bytes } }
  }
}

/** A byte of which both an integer and a float16 can be made. */
const one = 1

const notRegistered = /(?:Fatal error: )?([^\s:]*):(.+?)\(-?\d+\) is not a registered function\/op/
const noSchema = /No Op registered for (.+?) with domain_version/
const batchwise = /Batchwise recurrent operations/
const unsupported = /Unsupported data type: (\d+)/
const noKernel = /Could not find an implementation for (.+?)\(\d+\) node/

/** The type that the binding cannot describe, by its number. */
const unsupportedType = (reason: string): ElementType | undefined => {
  const number = unsupported.exec(reason)?.[1]
  return number === undefined ? undefined : elementTypeName(Number(number))
}

/** The operator that onnxruntime says it cannot run; null where the error is of another kind. */
function refusedBy(reason: string): string | null {
  const [, domain, unknown] = notRegistered.exec(reason) ?? []
  if (unknown !== undefined) return `${domain}:${unknown}`
  const [, op] = noSchema.exec(reason) ?? noKernel.exec(reason) ?? []
  return op === undefined ? null : `*:${op}`
}

/** Attributes that name an element type by its number. */
const typeAttributes = ['to', 'dtype', 'output_dtype']

/** onnxruntime refused the model itself. */
export function rejected(error: unknown): FlopgapError {
  const reason = explain(error)
  return new FlopgapError(
    'rejected-model',
    `onnxruntime does not accept the model: ${reason}`,
    /node/i.test(reason)
      ? 'The node that it names is where to look; a size that does not fit can be changed with --shape.'
      : 'Look at how the model was exported.',
  )
}
