import { type Network, Unbuildable, type Value } from './builder.js'

export interface LearnedGroups {
  /** Groups of filters, G. */
  readonly groups: number
  /** Each group keeps one in so many inputs, C. */
  readonly condense: number
  /** training: dense, the dropped weights masked. converted: grouped, after a selection of inputs. */
  readonly form: 'converted' | 'training'
}

/**
 * Learned group convolution, CondenseNet, section 3: BatchNorm, ReLU and a 1 x 1 convolution each of whose groups of
 * filters keeps its own inputs; an input may be kept by several groups or by none.
 *
 * Filter o of the training form is in group o mod G; converted, a group's filters stand together, and the shuffle puts
 * them back. The two give the same output.
 * @see ShichenLiu/CondenseNet, layers.py, `LearnedGroupConv` and `CondensingConv`
 */
export function learnedGroupConv(
  net: Network,
  x: Value,
  { out, groups, condense, form }: LearnedGroups & { out: number },
): Value {
  const count = x.channels / condense
  if (!Number.isInteger(count)) {
    throw new Unbuildable(`a layer of ${x.channels} inputs cannot keep one in ${condense} of them`)
  }
  const kept = Array.from({ length: groups }, (_, group) => select(x.channels, count, group))
  if (form === 'training') return net.maskedConv(net.relu(net.batchNorm(x)), { out, kept })
  const selected = net.gather(x, kept.flat())
  return net.channelShuffle(net.conv(net.relu(net.batchNorm(selected)), { out, kernel: 1, groups }), groups)
}

/**
 * `count` of so many channels, in ascending order: training would keep those of the largest weights, here an even draw
 * stands in for it, always the same for the same channels and `draw`.
 */
export function select(channels: number, count: number, draw: number): number[] {
  const ranked = Float64Array.from({ length: channels }, (_, index) => mixed(channels, draw, index) * channels + index)
  return Array.from(ranked.sort().slice(0, count), (rank) => rank % channels).sort((a, b) => a - b)
}

/** Three small numbers scattered over 32 bits: MurmurHash3's mixing, one word after another. */
const mixed = (...words: readonly number[]): number => words.reduce((hash, word) => mix(hash ^ word), 0) >>> 0

/** @see https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp `fmix32` */
function mix(word: number): number {
  const a = Math.imul(word ^ (word >>> 16) ^ 0x9e3779b9, 0x85ebca6b)
  const b = Math.imul(a ^ (a >>> 13), 0xc2b2ae35)
  return b ^ (b >>> 16)
}
