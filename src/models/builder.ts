import type { Attribute, Model, ModelNode, UniformFill, ValueInfo, Weight } from '../types.js'

/** A tensor on its way through a network under construction, [N, channels, …]. */
export interface Value {
  readonly name: string
  readonly channels: number
  /** Expected mean of its elements. */
  readonly mean: number
  /** Expected mean square of its elements, which sets the next BatchNorm's variance. */
  readonly power: number
}

export interface ConvOptions {
  readonly out: number
  readonly kernel: number
  readonly stride?: number
  /** Default: (kernel - 1) / 2 on every side. */
  readonly padding?: number
  readonly groups?: number
  readonly bias?: boolean
}

/** Opset 17 is the newest that onnx-proto's IR version, 8, may carry. */
const opset = 17
const irVersion = 8

/**
 * Writes a network down layer by layer, as its paper lists it.
 *
 * Weights are drawn evenly with He's variance, 2 / fan-in, and each BatchNorm is given the variance that its input is
 * expected to have, so that activations keep their size through any depth without a single forward pass.
 * @see https://arxiv.org/abs/1502.01852 section 2.2
 */
export class Network {
  readonly #nodes: ModelNode[] = []
  readonly #weights = new Map<string, Weight>()
  readonly #inputs: ValueInfo[] = []
  readonly #names = new Set<string>()
  #scope = ''

  /** Prefixes the names of the layers written inside it. */
  scope<T>(name: string, write: () => T): T {
    const outer = this.#scope
    this.#scope = `${outer}${name}/`
    try {
      return write()
    } finally {
      this.#scope = outer
    }
  }

  /** An image batch [batch, channels, height, width] of unit variance. */
  input(batch: number, channels: number, height: number, width: number): Value {
    const name = 'input'
    this.#inputs.push({ name, type: { elementType: 'float32', dims: [batch, channels, height, width] } })
    return { name, channels, mean: 0, power: 1 }
  }

  conv(
    x: Value,
    { out, kernel, stride = 1, padding = (kernel - 1) / 2, groups = 1, bias = false }: ConvOptions,
  ): Value {
    const fanIn = (x.channels / groups) * kernel * kernel
    const name = this.#name('conv')
    const inputs = [x.name, this.#weight(`${name}.weight`, [out, x.channels / groups, kernel, kernel], he(fanIn))]
    if (bias) inputs.push(this.#weight(`${name}.bias`, [out], small))
    this.#node(name, 'Conv', inputs, {
      group: int(groups),
      kernel_shape: ints(kernel, kernel),
      pads: ints(padding, padding, padding, padding),
      strides: ints(stride, stride),
    })
    return { name, channels: out, mean: 0, power: 2 * x.power }
  }

  /** One k x k filter a channel. */
  depthwise(x: Value, options: Omit<ConvOptions, 'out' | 'groups'>): Value {
    return this.conv(x, { ...options, out: x.channels, groups: x.channels })
  }

  batchNorm(x: Value): Value {
    const name = this.#name('bn')
    const { channels, power } = x
    const inputs = [
      x.name,
      this.#weight(`${name}.scale`, [channels], around(1)),
      this.#weight(`${name}.bias`, [channels], small),
      this.#weight(`${name}.mean`, [channels], small),
      this.#weight(`${name}.var`, [channels], around(power)),
    ]
    this.#node(name, 'BatchNormalization', inputs, { epsilon: float(1e-5) })
    return { ...x, name, mean: 0, power: 1 }
  }

  relu(x: Value): Value {
    return { ...this.#apply('relu', 'Relu', [x]), ...rectified(x) }
  }

  relu6(x: Value): Value {
    const [zero, six] = [this.#scalar('zero', 0), this.#scalar('six', 6)]
    const name = this.#name('relu6')
    this.#node(name, 'Clip', [x.name, zero, six], {})
    return { ...x, name, ...rectified(x) }
  }

  add(a: Value, b: Value): Value {
    const power = a.power + b.power + 2 * a.mean * b.mean
    return { ...this.#apply('add', 'Add', [a, b]), mean: a.mean + b.mean, power }
  }

  maxPool(x: Value, { kernel, stride, padding }: { kernel: number; stride: number; padding: number }): Value {
    const pooled = this.#apply('maxpool', 'MaxPool', [x], {
      kernel_shape: ints(kernel, kernel),
      pads: ints(padding, padding, padding, padding),
      strides: ints(stride, stride),
    })
    return { ...pooled, ...largest(x, kernel) }
  }

  globalAveragePool(x: Value): Value {
    return this.#apply('gap', 'GlobalAveragePool', [x])
  }

  /** Fully connected layer on [N, channels, 1, 1] or [N, channels]. */
  fullyConnected(x: Value, out: number, { bias = true }: { bias?: boolean } = {}): Value {
    const flat = this.#apply('flatten', 'Flatten', [x], { axis: int(1) })
    const name = this.#name('fc')
    const inputs = [flat.name, this.#weight(`${name}.weight`, [out, x.channels], he(x.channels))]
    if (bias) inputs.push(this.#weight(`${name}.bias`, [out], small))
    this.#node(name, 'Gemm', inputs, { transB: int(1) })
    return { name, channels: out, mean: 0, power: 2 * x.power }
  }

  /** The finished model, whose only output is `output`. */
  finish(name: string, spec: string, output: Value): Model {
    return {
      name,
      origin: { kind: 'spec', spec },
      irVersion,
      opsets: { '': opset },
      inputs: this.#inputs,
      outputs: [{ name: output.name, type: null }],
      nodes: this.#nodes,
      weights: this.#weights,
      skeleton: null,
    }
  }

  #apply(kind: string, op: string, inputs: readonly [Value, ...Value[]], attributes: Attributes = {}): Value {
    const name = this.#name(kind)
    this.#node(
      name,
      op,
      inputs.map((value) => value.name),
      attributes,
    )
    return { ...inputs[0], name }
  }

  #node(name: string, op: string, inputs: readonly string[], attributes: Attributes): void {
    if (this.#names.has(name)) throw new Error(`two layers are named ${name}`)
    this.#names.add(name)
    this.#nodes.push({ name, op, domain: '', inputs, outputs: [name], attributes })
  }

  #name(kind: string): string {
    return this.#scope + kind
  }

  #weight(name: string, dims: readonly number[], fill: UniformFill): string {
    this.#weights.set(name, { name, elementType: 'float32', dims, data: { kind: 'generated', fill } })
    return name
  }

  #scalar(name: string, value: number): string {
    const bytes = new Uint8Array(Float32Array.of(value).buffer)
    this.#weights.set(name, { name, elementType: 'float32', dims: [], data: { kind: 'inline', bytes } })
    return name
  }
}

type Attributes = Readonly<Record<string, Attribute>>

const int = (value: number): Attribute => ({ type: 'int', value })
const ints = (...value: readonly number[]): Attribute => ({ type: 'ints', value })
// as the file holds it
const float = (value: number): Attribute => ({ type: 'float', value: Math.fround(value) })

type Moments = Pick<Value, 'mean' | 'power'>

/**
 * Moments after ReLU of a normal distribution, with m for its mean and s for its deviation.
 *
 * E[max(x, 0)] is taken for (m + sqrt(m² + 2s²/π)) / 2, which is exact at m = 0 and far from it; its derivative by m is
 * P(x > 0), and E[max(x, 0)²] = m E[max(x, 0)] + s² P(x > 0).
 */
function rectified({ mean, power }: Moments): Moments {
  const variance = power - mean ** 2
  const root = Math.sqrt(mean ** 2 + (2 / Math.PI) * variance)
  const above = (mean + root) / 2
  return { mean: above, power: mean * above + (variance * (1 + mean / root)) / 2 }
}

/** Moments of the largest of 2 x 2 or 3 x 3 normal values: 1 and 1.5 deviations above their mean, two fifths of their variance. */
function largest({ mean, power }: Moments, kernel: number): Moments {
  const variance = power - mean ** 2
  const top = mean + (kernel / 2) * Math.sqrt(variance)
  return { mean: top, power: top ** 2 + 0.4 * variance }
}

/** Even distribution of variance 2 / fan-in. */
const he = (fanIn: number): UniformFill => ({ lower: -Math.sqrt(6 / fanIn), upper: Math.sqrt(6 / fanIn) })
const around = (value: number): UniformFill => ({ lower: 0.9 * value, upper: 1.1 * value })
const small: UniformFill = { lower: -0.1, upper: 0.1 }
