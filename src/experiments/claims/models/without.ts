import { Network, type Value } from '../../../models/builder.js'

/** Writes ReLU where an architecture has ReLU6. */
export class WithRelu extends Network {
  override relu6(x: Value): Value {
    return this.relu(x)
  }
}

/** MobileNet V2 with an activation after its bottlenecks too, which its paper makes linear. */
export class NonlinearBottlenecks extends Network {
  override batchNorm(x: Value): Value {
    const y = super.batchNorm(x)
    return this.layer.endsWith('/project') ? this.relu6(y) : y
  }
}

/** Leaves activations and additions out; of what is added, the branch stays, which is the second in light networks. */
export class WithoutElementwise extends Network {
  override relu(x: Value): Value {
    return x
  }

  override relu6(x: Value): Value {
    return x
  }

  override add(_shortcut: Value, branch: Value): Value {
    return branch
  }
}

/** Leaves channels in the order in which they come. */
export class WithoutShuffles extends Network {
  override channelShuffle(x: Value): Value {
    return x
  }
}
