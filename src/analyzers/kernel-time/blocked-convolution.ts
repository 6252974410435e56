import type { Describe, Features } from './features.js'
import { type Window, windowOf } from './window.js'

/** Blocks of filters that one pass computes. */
const setSize = 4

/** Channels that a pointwise kernel adds up before it writes. */
const channelsAtOnce = 128

/**
 * Convolution whose channels are in blocks (NCHWc).
 *
 * A kernel holds up to four blocks of filters times a tile of output columns in registers; what is left over at the end of
 * a row and under its borders is computed in narrower tiles, which use the arithmetic units less well. Each block of
 * input channels adds to the output once more.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/mlas/lib/snchwc.cpp
 */
export const blockedConvolution: Describe = (kernel, { block, beyondCache }) => {
  const window = kernel.domain === 'com.microsoft.nchwc' && kernel.op === 'Conv' ? windowOf(kernel) : null
  if (window === null) return null
  const [x, w, , sum] = kernel.inputs
  const [y] = kernel.outputs
  const outputBytes = y?.bytes ?? 0
  const memory = {
    inputBytes: x?.bytes ?? 0,
    outputBytes,
    weightBytes: w?.bytes ?? 0,
    inputBeyondCache: beyondCache(x),
    outputBeyondCache: beyondCache(y),
    weightsBeyondCache: beyondCache(w),
    addedBytes: sum === undefined ? 0 : outputBytes,
    activatedBytes: hasSlowActivation(kernel.attributes.activation) ? outputBytes : 0,
  }
  const kind = kindOf(window, block)
  return { kind: `blocked ${kind}`, features: { ...memory, ...work[kind](window, block, outputBytes) } }
}

/** ReLU costs nothing where sums are written; others go over the output again. */
const hasSlowActivation = (activation: unknown): boolean => activation !== undefined && activation !== 'Relu'

type Kind = 'convolution' | 'first convolution' | 'pointwise convolution' | 'depthwise convolution'

function kindOf({ groups, channels, taps }: Window, block: number): Kind {
  if (groups > 1 && channels === 1) return 'depthwise convolution'
  if (groups === 1 && channels < block) return 'first convolution'
  return groups === 1 && taps === 1 ? 'pointwise convolution' : 'convolution'
}

type Work = (window: Window, block: number, outputBytes: number) => Features

const dense: Work = (window, block, outputBytes) => {
  const { batch, groups, rows, channels, taps, columns, innerColumns } = window
  const steps = batch * groups * rows * channels * taps
  const passes = Math.max(1, channels / block)
  return {
    ...tiles(window, block, steps, innerColumns, columns - innerColumns),
    outputPasses: outputBytes * passes,
    rows: batch * groups * rows * sets(window, block).length * passes,
  }
}

/** By kind, what there is to compute. */
const work: Readonly<Record<Kind, Work>> = {
  convolution: dense,
  'first convolution': dense,
  'pointwise convolution': (window, block, outputBytes) => {
    const { batch, channels, rows, columns, stride } = window
    const isFlat = stride === 1
    const lines = isFlat ? 1 : rows
    return {
      ...tiles(window, block, batch * channels * lines, isFlat ? rows * columns : columns, 0),
      outputPasses: outputBytes * Math.ceil(channels / channelsAtOnce),
    }
  },
  'depthwise convolution': ({ batch, groups, rows, columns, innerColumns, taps }, block) => {
    const lines = (batch * groups * rows) / block
    return { taps: lines * taps * columns, edges: lines * taps * (columns - innerColumns), rows: lines }
  },
}

/** Blocks of filters in each pass. */
const sets = ({ filters }: Window, block: number): number[] => {
  const blocks = Math.max(1, Math.ceil(filters / block))
  const whole = Array<number>(Math.floor(blocks / setSize)).fill(setSize)
  return blocks % setSize === 0 ? whole : [...whole, blocks % setSize]
}

/** Amounts of tiles: whole ones by the blocks of filters that they serve, narrow ones by their columns. */
function tiles(window: Window, block: number, steps: number, columns: number, edges: number): Features {
  const tile = block >= 16 ? 6 : 3
  const whole = Math.floor(columns / tile)
  const rest = columns % tile
  const threes = tile > 3 ? Math.floor(rest / 3) : 0
  const twos = Math.floor((rest - 3 * threes) / 2)
  const ones = rest - 3 * threes - 2 * twos + edges
  const all = sets(window, block)
  const narrow = (width: number) => all.reduce((sum, blocks) => sum + occupied(width, blocks), 0)
  return {
    ...Object.fromEntries([1, 2, 3, 4].map((size) => [`tilesOf${size}`, steps * whole * count(all, size)])),
    tilesThreeWide: steps * threes * narrow(3),
    tilesTwoWide: steps * twos * narrow(2),
    tilesOneWide: steps * ones * narrow(1),
  }
}

const count = (sizes: readonly number[], size: number): number => sizes.filter((each) => each === size).length

/** Fewer than eight sums in hand wait for each other: two units, each four steps deep. */
const occupied = (width: number, blocks: number): number => Math.max(width * blocks, 8)
