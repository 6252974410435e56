import { ruleOf } from '../ops/index.js'
import type { Describe } from './features.js'
import type { PlacedTensor } from './placed.js'

/** Any other kernel: it reads, writes, and does something for each element, row or window. */
export const general: Describe = ({ op, domain, attributes, inputs, outputs }, { beyondCache }) => {
  const [y] = outputs
  const isElementwise = ruleOf(domain, op)?.kernelClass === 'elementwise'
  const window = Array.isArray(attributes.kernel_shape) ? product(attributes.kernel_shape) : 0
  return {
    kind: `${domain === '' ? '' : `${domain}.`}${op}${isElementwise && isBroadcast(inputs, y) ? ' of unequal shapes' : ''}`,
    features: {
      inputBytes: sum(inputs.map(({ bytes }) => bytes)),
      outputBytes: sum(outputs.map(({ bytes }) => bytes)),
      inputBeyondCache: sum(inputs.map(beyondCache)),
      outputBeyondCache: sum(outputs.map(beyondCache)),
      rows: y === undefined ? 0 : product(y.dims.slice(0, -1)),
      ...(window > 0 && y !== undefined ? { taps: window * product(y.dims) } : {}),
    },
  }
}

/** True where two operands are not of one shape: kernels have another path for that. */
function isBroadcast([a, b, ...others]: readonly PlacedTensor[], y: PlacedTensor | undefined): boolean {
  if (a === undefined || b === undefined || y === undefined || others.length > 0) return false
  const isOutput = ({ dims }: PlacedTensor) => dims.join() === y.dims.join()
  return isOutput(a) !== isOutput(b) && Math.max(a.bytes, b.bytes) === y.bytes
}

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1)
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
