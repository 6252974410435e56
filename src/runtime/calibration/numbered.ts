import { Network } from '../../models/builder.js'

/** A network whose layers are numbered, so that blocks need not name them. */
export class NumberedNetwork extends Network {
  #layers = 0

  protected override nameOf(kind: string): string {
    this.#layers += 1
    return super.nameOf(`${kind}${this.#layers}`)
  }
}
