import { expect, test } from 'vitest'
import { memoryText } from '../../src/report/memory.js'
import { plain } from '../../src/report/page.js'
import type { ConvolutionAccess, MemoryAccess, PeakActivations } from '../../src/types.js'

const page = { width: 100, paint: plain }

const convolution = (name: string, rest: Partial<ConvolutionAccess> = {}): ConvolutionAccess => ({
  name,
  op: 'Conv',
  kernel: [1, 1],
  group: 1,
  inputChannels: 16,
  outputChannels: 64,
  inputElements: 1600,
  weightElements: 1024,
  outputElements: 6400,
  accessElements: 9024,
  macs: 102_400,
  bound: { accessElements: 7424, unequalWidthElements: 1600, groupElements: 0, excess: 1600 / 7424 },
  ...rest,
})

const access: MemoryAccess = {
  convolutions: [
    convolution('equal', { bound: { accessElements: 9024, unequalWidthElements: 0, groupElements: 0, excess: 0 } }),
    convolution('expand'),
    convolution('depthwise', { kernel: [3, 3], group: 16, bound: null }),
  ],
  unknown: ['odd'],
  accessElements: 27_072,
  pointwise: { layers: 2, accessElements: 18_048, boundElements: 16_448, excess: 1600 / 16_448 },
}

const peak: PeakActivations = {
  bytes: 4800,
  layer: 'expand',
  tensors: [
    { name: 'wide', shape: [1, 64, 4, 4], elementType: 'float32', bytes: 4096, layer: 'expand' },
    { name: 'image', shape: [1, 11, 4, 4], elementType: 'float32', bytes: 704, layer: null },
  ],
}

test('what is above the least, and what is alive at the peak', () => {
  expect(memoryText({ access, peak }, page, { all: false })).toBe(`memory access  27.1 k elements of 3 convolutions
  2 of them 1x1: 18.0 k, 9.7 % above the least for their MACs (ShuffleNet V2, G1)
  not known of 1, odd first

  convolution  kernel  channels  group  access  above least        by widths  by groups
  expand       1x1        16→64      1  9.02 k       1.60 k  22 %     1.60 k          0

peak activations  4.80 kB at expand, 2 tensors alive

  tensor  shape     type      memory  written by
  wide    1x64x4x4  float32  4.10 kB  expand
  image   1x11x4x4  float32    704 B  the caller
`)
})

test('with all, every convolution', () => {
  const text = memoryText({ access, peak }, page, { all: true })
  expect(text).toContain('  depthwise    3x3')
  expect(text).toContain('  equal ')
})

test('what is not known, and a network without 1x1 convolutions', () => {
  const none = { layers: 0, accessElements: 0, boundElements: 0, excess: null }
  const bare = { convolutions: [], unknown: [], accessElements: 0, pointwise: none }
  expect(
    memoryText({ access: bare, peak: null }, page, { all: false }),
  ).toBe(`memory access  0 elements of 0 convolutions
  no 1x1 convolution

peak activations  not known
`)
})

test('names from a file do no harm', () => {
  const hostile = { ...access, unknown: ['\u001b[2J'], convolutions: [convolution('\u001b[2J')] }
  const at = { ...peak, layer: '\u001b[2J' }
  expect(memoryText({ access: hostile, peak: at }, page, { all: true })).not.toContain('\u001b')
})
