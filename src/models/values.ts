import { createHash } from 'node:crypto'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { elements } from '../onnx/element-types.js'
import type { Weight } from '../types.js'

const piece = 64 * 1024

/**
 * The float32 values of a generated weight, in pieces of 256 KiB.
 *
 * Each weight has its own stream, from the seed and its name, so values do not depend on the order of writing; only
 * exact arithmetic is used, so bytes are the same on every machine.
 */
export function* generate(weight: Weight, seed: number): Generator<Uint8Array> {
  if (weight.data.kind !== 'generated') throw new TypeError(`weight ${weight.name} is not generated`)
  const { lower, upper } = weight.data.fill
  const random = xoroshiro128plus(streamSeed(weight.name, seed))
  const step = (upper - lower) / 2 ** 32
  const middle = (upper + lower) / 2
  for (let left = elements(weight.dims); left > 0; left -= piece) {
    const values = new Float32Array(Math.min(left, piece))
    for (let i = 0; i < values.length; i++) values[i] = middle + step * (random.next() + 0.5)
    yield new Uint8Array(values.buffer)
  }
}

const streamSeed = (name: string, seed: number): number =>
  createHash('sha256').update(`${seed}:${name}`).digest().readInt32LE(0)
