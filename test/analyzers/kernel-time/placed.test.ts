import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeKernels } from '../../../src/analyzers/kernel-time/placed.js'
import type { TensorType } from '../../../src/types.js'
import { executedKernel } from '../measured.js'

const floats = (bytes: number): TensorType => ({ elementType: 'float32', dims: [bytes / 4] })

/** A kernel in one line, `x w -> y`, of tensors whose bytes stand in a table. */
function kernels(lines: readonly string[], bytes: Readonly<Record<string, number>>) {
  const typesOf = (names: readonly string[]) =>
    names.filter((name) => name !== '_').map((name) => floats(bytes[name] ?? 0))
  return lines.map((line) => {
    const [inputs = [], outputs = []] = line.split(' -> ').map((names) => names.split(' '))
    const named = (names: readonly string[]) => names.map((name) => (name === '_' ? '' : name))
    return executedKernel({
      inputs: named(inputs),
      outputs: named(outputs),
      inputTypes: typesOf(inputs),
      outputTypes: typesOf(outputs),
    })
  })
}

const distances = (lines: readonly string[], bytes: Readonly<Record<string, number>>) =>
  placeKernels(kernels(lines, bytes)).map(({ inputs, outputs }) => [
    inputs.map(({ distance }) => distance),
    outputs.map(({ distance }) => distance),
  ])

describe('where tensors lie, by hand', () => {
  const bytes = { x: 100, w: 40, a: 200, v: 80, b: 400, c: 400 }

  it('is told by what was moved since they were touched, the kernel that touches them now included', () => {
    const run = ['x w -> a', 'a v -> b', 'b -> c']
    // moved by the three: 340, 680, 800; 1820 in all
    expect(distances(run, bytes)).toEqual([
      // the input and weights were last touched a run ago, and the output is as far as what the kernel itself moves
      [[1820, 1820], [340]],
      [[680, 1820], [680]],
      [[800], [800]],
    ])
  })

  it('counts what came between', () => {
    // the second use of a comes after b was made of others: 680 + 1000
    const run = ['x w -> a', 'x v -> b', 'a b -> c']
    // 340, 580 and 1000 moved: a was touched 1580 ago, b 1000, x before that 580
    expect(distances(run, bytes)).toEqual([
      [[1920, 1920], [340]],
      [[580, 1920], [580]],
      [[1580, 1000], [1000]],
    ])
  })

  it('is near for a weight that the kernel before has used as well', () => {
    expect(distances(['x w -> a', 'a w -> b'], bytes)).toEqual([
      [[980, 980], [340]],
      [[640, 640], [640]],
    ])
  })

  it('passes over inputs and outputs that are left out', () => {
    expect(distances(['x _ w -> a', 'a -> b _', 'b -> c'], bytes)).toEqual([
      [[1740, 1740], [340]],
      [[600], [600]],
      [[800], [800]],
    ])
    const unnamed = executedKernel({ inputs: [], outputs: [], inputTypes: [floats(8)], outputTypes: [floats(8)] })
    const [, last] = placeKernels([...kernels(['x -> a _'], bytes), unnamed])
    // nobody knows which tensor it reads, so it is as far as a run
    expect(last?.inputs[0]?.distance).toBe(316)
  })

  it('tells each kernel what a whole run moves', () => {
    const run = placeKernels(kernels(['x w -> a', 'a v -> b'], bytes))
    expect(run.map(({ runBytes }) => runBytes)).toEqual([1020, 1020])
  })

  it('keeps sizes in elements and bytes', () => {
    const type = { elementType: 'float16' as const, dims: [2, 3] }
    const [placed] = placeKernels([executedKernel({ inputs: ['x'], inputTypes: [type], attributes: { group: 2 } })])
    expect(placed).toMatchObject({ op: 'Conv', domain: '', attributes: { group: 2 } })
    expect(placed?.inputs).toEqual([{ dims: [2, 3], bytes: 12, distance: 12 }])
  })
})

describe('where any tensors lie', () => {
  const chain = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 20 })

  it('is no nearer than what the kernel itself moves, and no farther than a run', () => {
    fc.assert(
      fc.property(chain, fc.array(fc.nat(19), { minLength: 20, maxLength: 20 }), (sizes, shortcuts) => {
        const bytes = Object.fromEntries(sizes.map((size, index) => [`t${index}`, 4 * size]))
        const lines = sizes
          .slice(1)
          .map((_, index) => `t${index} t${(shortcuts[index] ?? 0) % (index + 1)} -> t${index + 1}`)
        const placed = placeKernels(kernels(lines, bytes))
        const own = placed.map(({ inputs, outputs }) =>
          [...inputs, ...outputs].reduce((sum, { bytes }) => sum + bytes, 0),
        )
        const run = own.reduce((sum, size) => sum + size, 0)
        for (const [index, { inputs, outputs }] of placed.entries()) {
          for (const { distance } of [...inputs, ...outputs]) {
            expect(distance).toBeGreaterThanOrEqual(own[index] ?? 0)
            expect(distance).toBeLessThanOrEqual(run)
          }
        }
      }),
    )
  })
})
