import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyKind, fitKernelTimes, kernelMs, type TimedKernel } from '../../../src/analyzers/kernel-time/fit.js'
import { even } from '../../traces.js'

const costs = { call: 0.001, taps: 2e-6, inputBytes: 0, weightBytes: 5e-9 }

/** Kernels that take exactly what their features cost, drawn from a seed. */
function kernels(seed: number, count: number, kind = 'convolution'): TimedKernel[] {
  const next = even(seed)
  const amount = (most: number) => Math.round(most ** next())
  return Array.from({ length: count }, () => {
    const features = { call: 1, taps: amount(1e5), inputBytes: amount(1e7), weightBytes: amount(1e7) }
    return { kind, features, ms: timeOf(features, costs) }
  })
}

const timeOf = (features: Readonly<Record<string, number>>, costs: Readonly<Record<string, number>>): number =>
  Object.entries(features).reduce((sum, [name, amount]) => sum + amount * (costs[name] ?? 0), 0)

const fitted = (timed: readonly TimedKernel[], kind = 'convolution') => {
  const model = fitKernelTimes(timed).find((model) => model.kind === kind)
  if (model === undefined) throw new Error(`nothing was fitted for ${kind}`)
  return model
}

describe('costs that are fitted', () => {
  it('are those that the kernels were made with', () => {
    const model = fitted(kernels(1, 40))
    // to a ten thousandth: costs are kept small by a thousandth's square
    expect((model.costs.call ?? 0) / 0.001).toBeCloseTo(1, 4)
    expect((model.costs.taps ?? 0) / 2e-6).toBeCloseTo(1, 4)
    expect((model.costs.weightBytes ?? 0) / 5e-9).toBeCloseTo(1, 4)
    // what costs nothing is left out, or next to nothing is left of it: of ten million bytes less than a microsecond
    expect((model.costs.inputBytes ?? 0) * 1e7).toBeLessThan(1e-3)
    expect(model).toMatchObject({ kernels: 40, medianError: expect.closeTo(0, 4) })
  })

  it('are found again whatever they are, and none is negative', () => {
    const cost = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.nat(1000), cost, cost, (seed, call, taps) => {
        const truth = { call: 0.001 + call, taps: 1e-5 * taps, weightBytes: 1e-8 }
        const timed = kernels(seed, 30).map((kernel) => ({ ...kernel, ms: timeOf(kernel.features, truth) }))
        const model = fitted(timed)
        for (const cost of Object.values(model.costs)) expect(cost).toBeGreaterThan(0)
        for (const { features, ms } of timed) expect(timeOf(features, model.costs) / ms).toBeCloseTo(1, 4)
      }),
      { numRuns: 50 },
    )
  })

  it('are hardly moved by one kernel of twenty that took ten times as long', () => {
    for (let seed = 0; seed < 20; seed++) {
      const timed = kernels(seed, 20)
      const [first, ...others] = timed as [TimedKernel, ...TimedKernel[]]
      const model = fitted([{ ...first, ms: 10 * first.ms }, ...others])
      const errors = others.map(({ features, ms }) => Math.abs(timeOf(features, model.costs) / ms - 1))
      expect(errors.sort((a, b) => a - b)[9]).toBeLessThan(0.05)
      expect(model.medianError).toBeLessThan(0.05)
    }
  })

  it('are of the relative error: a long kernel weighs no more than a short one', () => {
    // one cost, three kernels: 1 µs, 1 µs and 1 s a tap, of which two agree. By absolute error the long one would win
    const timed = [1, 1, 1, 1.3].map((cost, index) => {
      const taps = index === 3 ? 1e6 : 1
      return { kind: 'convolution', features: { taps }, ms: cost * taps }
    })
    expect(fitted(timed).costs.taps).toBeLessThan(1.1)
  })

  it('are shared where no kernel tells two features apart', () => {
    const timed = [1, 2, 3, 4, 5].map((taps) => ({ kind: 'twins', features: { taps, edges: taps }, ms: 4 * taps }))
    const { costs } = fitted(timed, 'twins')
    expect((costs.taps ?? 0) + (costs.edges ?? 0)).toBeCloseTo(4, 4)
  })

  it('are of each kind by itself', () => {
    const slower = kernels(2, 20, 'other').map((kernel) => ({ ...kernel, ms: 3 * kernel.ms }))
    const models = fitKernelTimes([...kernels(1, 20), ...slower])
    const [one, other] = ['convolution', 'other'].map((kind) => models.find((model) => model.kind === kind))
    expect((other?.costs.taps ?? 0) / (one?.costs.taps ?? 1)).toBeCloseTo(3, 4)
  })
})

describe('kernels of no kind of their own', () => {
  const moving = (kind: string, count: number): TimedKernel[] =>
    Array.from({ length: count }, (_, index) => {
      const features = { call: 1, inputBytes: 1000 * (index + 1) ** 2, outputBytes: 500 * (index + 1) }
      return { kind, features, ms: 0.002 + 1e-6 * features.inputBytes }
    })

  it('are those that fewer than four show', () => {
    const kinds = fitKernelTimes([...moving('Relu', 4), ...moving('Sigmoid', 3)]).map(({ kind }) => kind)
    expect(kinds).toEqual(['Relu', anyKind])
  })

  it('take the costs of all that only read and write', () => {
    const models = fitKernelTimes([...moving('Relu', 9), ...moving('Sigmoid', 3), ...kernels(1, 20)])
    const any = models.find(({ kind }) => kind === anyKind)
    expect(any?.kernels).toBe(12)
    const byKind = new Map(models.map((model) => [model.kind, model]))
    const features = { call: 1, inputBytes: 5000, outputBytes: 5000 }
    for (const kind of ['Sigmoid', 'never seen']) {
      expect((kernelMs({ kind, features }, byKind) ?? 0) / 0.007).toBeCloseTo(1, 3)
    }
  })

  it('have no time where nothing was fitted', () => {
    expect(kernelMs({ kind: 'Relu', features: { call: 1 } }, new Map())).toBeNull()
  })

  it('have none where no kernel only reads and writes, but for one that took no time', () => {
    const models = fitKernelTimes([...kernels(1, 20), { kind: 'gone', features: { call: 1 }, ms: 0 }])
    expect(models.map(({ kind }) => kind)).toEqual(['convolution'])
    expect(fitKernelTimes([])).toEqual([])
  })
})
