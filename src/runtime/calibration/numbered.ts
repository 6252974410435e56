import { Network, type Value } from '../../models/builder.js'
import type { Attribute } from '../../types.js'

/** A network whose layers are numbered, so that blocks need not name them. */
export class NumberedNetwork extends Network {
  #layers = 0

  protected override nameOf(kind: string): string {
    this.#layers += 1
    return super.nameOf(`${kind}${this.#layers}`)
  }

  /** One operator that keeps the shape of its first input. */
  apply(op: string, inputs: readonly [Value, ...Value[]], attributes: Readonly<Record<string, Attribute>> = {}): Value {
    const name = this.nameOf(op)
    this.addNode(
      name,
      op,
      inputs.map((input) => input.name),
      attributes,
    )
    return { ...inputs[0], name }
  }

  /** A weight. */
  weight(dims: readonly number[], bound: number): Value {
    const name = this.addWeight(this.nameOf('weight'), dims, { lower: -bound, upper: bound })
    return { name, channels: dims.at(-1) ?? 1, power: 1, mean: 0 }
  }

  scalar(value: number): Value {
    return { name: this.addScalar(this.nameOf('scalar'), value), channels: 1, power: value ** 2, mean: value }
  }

  integers(values: readonly number[]): Value {
    return { name: this.addIntegers(this.nameOf('integers'), values), channels: values.length, power: 1, mean: 0 }
  }
}
