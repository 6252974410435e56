import { FlopgapError } from '../errors.js'
import { bodiesOf } from '../onnx/body.js'
import type { ShapeQuery } from '../onnx/shape-model.js'
import type { Attribute, Model, ModelNode, TensorType, Weight } from '../types.js'
import { explain } from './ort.js'

/** Element types whose kernels the CPU lacks; onnxruntime runs float16 by converting it, so that it can stand in. */
const withoutKernels = ['bfloat16', 'float64']
const standIn = 'float16'
const standInNumber = 10
const numbersOf: Readonly<Record<string, number>> = { bfloat16: 16, float64: 11 }

/** What onnxruntime cannot run of a model, learned from its errors, and how to ask for types all the same. */
export class Refusals {
  /** `domain:op`, or `*:op` where the error does not tell the domain. */
  readonly #ops = new Set<string>()
  readonly #functions: Model['functions']
  #replaced: string | null = null

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

  /** The question as onnxruntime can answer it: with float16 in place of a type that it has no kernels for. */
  ask(query: ShapeQuery): ShapeQuery {
    const replaced = this.#replaced
    if (replaced === null) return query
    const retype = <T extends { readonly elementType: string }>(typed: T): T =>
      typed.elementType === replaced ? { ...typed, elementType: standIn } : typed
    return {
      ...query,
      nodes: query.nodes.map((node) => ({ ...node, attributes: retyped(node.attributes, numbersOf[replaced] ?? 0) })),
      types: new Map([...query.types].map(([name, type]) => [name, retype(type)])),
      constants: new Map([...query.constants].map(([name, weight]) => [name, asStandIn(weight, replaced)])),
    }
  }

  answer(type: TensorType): TensorType {
    return this.#replaced !== null && type.elementType === standIn ? { ...type, elementType: this.#replaced } : type
  }

  /** False where an error says nothing new of what is refused. */
  learn(reason: string, nodes: readonly ModelNode[], types: ReadonlyMap<string, TensorType>): boolean {
    const refused = refusedBy(reason)
    if (refused === null) return false
    const used = new Set([...types.values()].map(({ elementType }) => elementType))
    const foreign = withoutKernels.find((type) => used.has(type))
    if (noKernel.test(reason) && foreign !== undefined && this.#replaced === null && !used.has(standIn)) {
      this.#replaced = foreign
      return true
    }
    if (this.#ops.has(refused)) return false
    this.#ops.add(refused)
    return nodes.some((node) => this.has(node))
  }
}

const notRegistered = /(?:Fatal error: )?([^\s:]*):(.+?)\(-?\d+\) is not a registered function\/op/
const noSchema = /No Op registered for (.+?) with domain_version/
const noKernel = /Could not find an implementation for (.+?)\(\d+\) node/

/** The operator that onnxruntime says it cannot run; null where the error is of another kind. */
function refusedBy(reason: string): string | null {
  const [, domain, unknown] = notRegistered.exec(reason) ?? []
  if (unknown !== undefined) return `${domain}:${unknown}`
  const [, op] = noSchema.exec(reason) ?? noKernel.exec(reason) ?? []
  return op === undefined ? null : `*:${op}`
}

/** Attributes that name an element type by its number. */
const typeAttributes = ['to', 'dtype', 'output_dtype']

function retyped(attributes: ModelNode['attributes'], number: number): Record<string, Attribute> {
  const changed: Record<string, Attribute> = { ...attributes }
  for (const name of typeAttributes) {
    const found = changed[name]
    if (found?.type === 'int' && found.value === number) changed[name] = { type: 'int', value: standInNumber }
  }
  return changed
}

/** Only the few values of a constant that is kept matter, and those for shapes alone: a scale of one. */
function asStandIn(weight: Weight, replaced: string): Weight {
  if (weight.elementType !== replaced) return weight
  const one = 0x3c00
  const count = weight.dims.reduce((product, dim) => product * dim, 1)
  const { data } = weight
  if (data.kind !== 'inline' || count > 8) return { ...weight, elementType: standIn }
  return {
    ...weight,
    elementType: standIn,
    data: { kind: 'inline', bytes: new Uint8Array(Uint16Array.from({ length: count }, () => one).buffer) },
  }
}

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
