import { type Binding, bindInputs } from '../onnx/bind.js'
import { bodiesOf } from '../onnx/body.js'
import { constantsIn } from '../onnx/constant.js'
import { fixedShape } from '../onnx/fixed-shape.js'
import { operatorName } from '../onnx/names.js'
import { shapeModel } from '../onnx/shape-model.js'
import { type Slice, slicesOf } from '../onnx/slices.js'
import type { Graph, Model, ModelNode, TensorType, Weight } from '../types.js'
import { checkSizes } from './check-sizes.js'
import { metadataOf } from './metadata.js'
import { explain, onnxruntime } from './ort.js'
import { Refusals, rejected } from './refusals.js'

/**
 * Types every tensor of a model by asking onnxruntime, whose own inference covers each opset and operator it knows.
 *
 * No weight is needed: sessions are made from the model's structure alone, a slice of it at a time. A dimension that
 * depends on data stays a name. Of a node that this onnxruntime cannot run, the types are those that the file declares.
 * @throws FlopgapError `rejected-model` with onnxruntime's reason; `free-dimensions`; `bad-shape`
 */
export async function inferShapes(model: Model, binding: Binding): Promise<Graph> {
  const tensors = bindInputs(model, binding)
  const graph = await typed(model, tensors, binding.dims)
  checkSizes(model, tensors)
  return graph
}

/** Types of all that can be known from the inputs' types. */
async function typed(
  model: Model,
  tensors: Map<string, TensorType>,
  dims: Readonly<Record<string, number>>,
): Promise<Graph> {
  const constants = constantsIn(model)
  for (const [name, { elementType, dims }] of constants) tensors.set(name, { elementType, dims })
  const inference = new Inference(model, constants, tensors, dims)
  for (const slice of slicesOf(model.nodes, constants, (name) => tensors.has(name))) await inference.slice(slice)
  const { shapesFrom, refused } = inference
  const graph = { model, tensors, refused, shapesFrom, bodies: new Map() }
  if (!model.nodes.some((node) => hasBody(node, model))) return graph
  const { typeBodies } = await import('./bodies.js')
  const retype = () => inference.rest((node) => hasBody(node, model))
  return { ...graph, bodies: await typeBodies(graph, constants, (body, types) => typed(body, types, dims), retype) }
}

const hasBody = (node: ModelNode, { functions }: Model): boolean =>
  functions.has(`${node.domain}:${node.op}`) || bodiesOf(node).length > 0

/** The types found so far, and what is known of the nodes that onnxruntime refuses. */
class Inference {
  readonly shapesFrom = new Map<string, 'declared'>()
  readonly #model: Model
  readonly #constants: ReadonlyMap<string, Weight>
  readonly #types: Map<string, TensorType>
  readonly #dims: Readonly<Record<string, number>>
  readonly #refusals: Refusals
  readonly #made: ReadonlySet<string>
  /** False where an input is no tensor. */
  readonly #hasAllInputs: boolean

  constructor(
    model: Model,
    constants: ReadonlyMap<string, Weight>,
    types: Map<string, TensorType>,
    dims: Readonly<Record<string, number>>,
  ) {
    this.#model = model
    this.#constants = constants
    this.#types = types
    this.#dims = dims
    this.#refusals = new Refusals(model)
    this.#made = new Set([...model.inputs.map(({ name }) => name), ...model.nodes.flatMap(({ outputs }) => outputs)])
    this.#hasAllInputs = model.inputs.every(({ name }) => types.has(name))
  }

  get refused(): string[] {
    const nodes = this.#model.nodes.filter((node) => this.#refusals.has(node))
    return [...new Set(nodes.map(operatorName))]
  }

  async slice({ nodes, own }: Slice): Promise<void> {
    for (;;) {
      const isWhole = nodes === own && !this.#refusals.any && this.#hasAllInputs
      const accepted = isWhole ? new Set(nodes) : this.#accepted(nodes)
      const wanted = own.filter((node) => accepted.has(node)).flatMap(({ outputs }) => outputs.filter(Boolean))
      if (wanted.length === 0) return
      const ask = this.#refusals.ask({ nodes: [...accepted], wanted, constants: this.#constants, types: this.#types })
      try {
        for (const [name, type] of await metadataOf((query) => shapeModel(this.#model, query), ask, create)) {
          this.#types.set(name, this.#refusals.answer(type))
        }
        return
      } catch (error) {
        if (!this.#refusals.learn(explain(error), nodes, this.#types)) throw rejected(error)
      }
    }
  }

  /** Types what could not be typed before some tensor got a type that onnxruntime does not infer. */
  async rest(isTypedApart: (node: ModelNode) => boolean): Promise<void> {
    const isOpen = (name: string) => name !== '' && fixedShape(this.#types.get(name)) === null
    const open = this.#model.nodes.filter((node) => node.outputs.some(isOpen) && !isTypedApart(node))
    if (open.length > 0) await this.slice({ nodes: [...open], own: open })
  }

  /** The nodes that onnxruntime has not refused and whose inputs are known; what others give is as the file declares. */
  #accepted(nodes: readonly ModelNode[]): Set<ModelNode> {
    const accepted = new Set<ModelNode>()
    const made = new Set<string>()
    // of a tensor that nothing makes, onnxruntime's error is the better answer
    const isKnown = (name: string) =>
      name === '' || made.has(name) || this.#types.has(name) || this.#constants.has(name) || !this.#made.has(name)
    for (const node of nodes) {
      if (this.#refusals.has(node) || !node.inputs.every(isKnown)) {
        for (const name of node.outputs) this.#declare(name)
        continue
      }
      accepted.add(node)
      for (const name of node.outputs) made.add(name)
    }
    return accepted
  }

  #declare(name: string): void {
    const declared = this.#model.declared.get(name)
    if (declared === undefined || this.#types.has(name)) return
    const dims = declared.dims.map((dim) => (typeof dim === 'string' ? (this.#dims[dim] ?? dim) : dim))
    this.#types.set(name, { ...declared, dims })
    this.shapesFrom.set(name, 'declared')
  }
}

/** The session of a model that is only asked for types. */
const create = (bytes: Uint8Array) =>
  onnxruntime().InferenceSession.create(bytes, {
    graphOptimizationLevel: 'basic',
    intraOpNumThreads: 1,
    enableCpuMemArena: false,
    logSeverityLevel: 4,
  })

/**
 * Has onnxruntime read a whole file.
 *
 * @throws FlopgapError `rejected-model`
 */
export async function checkModel(path: string): Promise<void> {
  try {
    const session = await onnxruntime().InferenceSession.create(path, {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
      extra: { session: { disable_prepacking: '1' } },
    })
    await session.release()
  } catch (error) {
    throw rejected(error)
  }
}
