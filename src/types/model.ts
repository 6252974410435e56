/** An ONNX element type by the name onnxruntime gives it (`float32`, `int64`, …). */
export type ElementType = string

/** A size, or the name of a free dimension. */
export type Dim = number | string

export interface TensorType {
  readonly elementType: ElementType
  readonly dims: readonly Dim[]
}

/** A graph input or output; `type` is null where the file does not declare a tensor type. */
export interface ValueInfo {
  readonly name: string
  readonly type: TensorType | null
  /** The file states the element type alone: how many dimensions there are is open too, and `dims` says nothing. */
  readonly isUnranked?: true
}

/** Values drawn evenly between two bounds from the weight's own seeded stream. */
export interface UniformFill {
  readonly lower: number
  readonly upper: number
}

/** Where a constant tensor's values are. Only `inline` ones are in memory; `filled` is one value throughout. */
export type TensorData =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly kind: 'file'; readonly path: string; readonly offset: number; readonly byteLength: number }
  | { readonly kind: 'elided' }
  | { readonly kind: 'filled' }
  | { readonly kind: 'generated'; readonly fill: UniformFill }

/** A constant tensor: an initializer, or the value of a Constant node. */
export interface Weight {
  readonly name: string
  readonly elementType: ElementType
  readonly dims: readonly number[]
  readonly data: TensorData
  /** Of a sparse tensor: how many values it stores, and the bytes of their indices. `data` is then the values alone. */
  readonly sparse?: { readonly values: number; readonly indexBytes: number }
}

export type Attribute =
  | { readonly type: 'int'; readonly value: number }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'ints'; readonly value: readonly number[] }
  | { readonly type: 'floats'; readonly value: readonly number[] }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'tensor'; readonly value: Weight }
  | { readonly type: 'graph'; readonly value: Body }
  /** In a function: the attribute of that name of the node that calls it. */
  | { readonly type: 'reference'; readonly value: string }
  /** What flopgap does not look into, as its AttributeProto. */
  | { readonly type: 'other'; readonly bytes: Uint8Array }

export interface ModelNode {
  readonly name: string
  readonly op: string
  /** Operator domain; the empty string is ai.onnx. */
  readonly domain: string
  /** Tensor names; the empty string is an omitted optional input. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** A graph: the whole of a model's, a branch of If, the body of Loop or Scan. The latter see the tensors around them. */
export interface Body {
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly nodes: readonly ModelNode[]
  readonly weights: ReadonlyMap<string, Weight>
  /** Types that the file states of tensors inside the graph; they may be stale. */
  readonly declared: ReadonlyMap<string, TensorType>
}

/** A function that a model brings along: an operator defined by nodes. */
export interface LocalFunction {
  readonly name: string
  readonly domain: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly nodes: readonly ModelNode[]
  /** Values of attributes that a call leaves out. */
  readonly defaults: Readonly<Record<string, Attribute>>
  readonly opsets: Readonly<Record<string, number>>
  /** Its FunctionProto. */
  readonly bytes: Uint8Array
}

/** A network as written: the graph of an ONNX file or of a built architecture, without its weights' values. */
export interface Model extends Body {
  readonly name: string
  /** Weights that the file lists as inputs too, whose values a caller may replace. */
  readonly overridable?: ReadonlySet<string>
  readonly origin:
    | { readonly kind: 'spec'; readonly spec: string }
    | { readonly kind: 'file'; readonly path: string; readonly byteLength: number }
  readonly irVersion: number
  /** Opset version by domain; the empty string is ai.onnx. */
  readonly opsets: Readonly<Record<string, number>>
  /** By `domain:name`. */
  readonly functions: ReadonlyMap<string, LocalFunction>
}

/** A model and the types of its tensors; a dimension that is still a name could not be inferred. */
export interface Graph {
  readonly model: Model
  readonly tensors: ReadonlyMap<string, TensorType>
  /** Operators of the graph itself that onnxruntime cannot run on the CPU, by domain and name. */
  readonly refused: readonly string[]
  /** How the types are known that onnxruntime did not infer. */
  readonly shapesFrom: ReadonlyMap<string, 'declared' | 'run'>
  /** By node: the graphs inside it. */
  readonly bodies: ReadonlyMap<ModelNode, readonly BodyGraph[]>
}

/** A graph inside a node, typed: a branch, the body of a loop, or the definition of a function that the node calls. */
export interface BodyGraph {
  /** The attribute that holds it, or the function's name. */
  readonly name: string
  readonly graph: Graph
  /** How often it runs for one run of the node; null where that depends on data. */
  readonly times: number | null
  /** Of a branch: whether it is the one that runs; null where that depends on data. */
  readonly isTaken: boolean | null
}

/** A built architecture that was written to a file. */
export interface BuiltFile {
  readonly spec: string
  readonly path: string
  readonly seed: number
  readonly params: number
  readonly byteLength: number
  readonly sha256: string
}
