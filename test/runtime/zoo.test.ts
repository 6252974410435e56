import { beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { gapReport } from '../../src/analyzers/gap.js'
import { identify } from '../../src/analyzers/identify.js'
import { architectures } from '../../src/models/index.js'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { kernelsToRun, optimizedGraph } from '../../src/pipeline/optimized.js'
import { typed } from '../../src/pipeline/typed.js'
import { attribute } from '../../src/runtime/attribution.js'
import { calibrationNetwork } from '../../src/runtime/calibration/networks.js'
import { sequenceNetwork } from '../../src/runtime/calibration/sequences.js'
import type { Graph, Model, SessionSettings } from '../../src/types.js'
import { ceilings } from '../analyzers/ceilings.js'
import { environment, measurement } from '../analyzers/measured.js'
import { blockOf, kindsOf } from './calibration/kinds.js'
import { expectPlaces, expectWholeAttribution } from './profiled.js'

const settings: SessionSettings = { provider: 'cpu', threads: 1, optimization: 'all' }

const specs = architectures.flatMap(({ name, variants }) =>
  variants.map(({ options }) => (options === '' ? name : `${name}:${options}`)),
)

/** How a network is wired, and all that onnxruntime's decisions depend on: not how large its image is. */
const structureOf = ({ nodes, weights }: Model): string =>
  JSON.stringify([
    nodes.map(({ op, inputs, outputs, attributes }) => [op, inputs, outputs, attributes]),
    [...weights.values()].map(({ name, dims }) => [name, dims]),
  ])

/** One variant of each structure: those that differ in resolution or batch alone run the same kernels. */
const structures = [...new Map(specs.map((spec) => [structureOf(build(spec)), spec])).values()]

const kernelsOf = async (graph: Graph) => kernelsToRun(await optimizedGraph(graph, 0, settings), settings)

const known = new Set<string>()
/** Operators and sizes, in the order of the file. */
const signatures = new Set<string>()
let block = 1
const signatureOf = (graph: Graph) =>
  JSON.stringify(analyze(graph).layers.map(({ op, outputShape }) => [op, outputShape]))

beforeAll(async () => {
  const graphs: Graph[] = []
  for (let seed = 1; seed <= 24; seed++) graphs.push(await typed(calibrationNetwork(seed), noBinding))
  for (let seed = 1; seed <= 2; seed++) graphs.push(await typed(sequenceNetwork(seed), noBinding))
  const kernels = await Promise.all(graphs.map(kernelsOf))
  block = blockOf(kernels.flat())
  for (const kind of kernels.flatMap((own) => kindsOf(own, block))) known.add(kind)
  for (const graph of graphs) signatures.add(signatureOf(graph))
}, 120_000)

/** Of kernels that no calibration network has. */
const guessed = ['SpaceToDepth']

describe('every network of the zoo', () => {
  it('stands for those with images of other sizes', () => {
    expect(specs.length).toBeGreaterThan(structures.length)
    for (const { name } of architectures) {
      expect(
        structures.some((spec) => spec === name || spec.startsWith(`${name}:`)),
        name,
      ).toBe(true)
    }
  })

  it.each(structures)('%s is attributed as a whole, its kernels are of known kinds', async (spec) => {
    const model = build(spec)
    const graph = await typed(model, noBinding)
    const kernels = await kernelsOf(graph)
    const attribution = attribute(model, { kernels, profiledRuns: 0, profiledRunMs: 0 })
    const analysis = identify(analyze(graph), model, null)
    const executed = {
      kernels: kernels.map((kernel) => ({ ...kernel, profiledMs: 1, timeSource: 'kernel' as const })),
      profiledRuns: 1,
      profiledRunMs: 1,
    }
    expectWholeAttribution({ graph, layers: analysis.layers, executed, attribution })
    const report = gapReport({
      ...{ analysis, environment, attribution },
      ceilings: { ...ceilings, vectorBlock: block },
      measurement: measurement(executed, { plainWallMs: kernels.length, runsMs: [kernels.length] }),
    })
    expect(report.attribution).toMatchObject({ timeShare: 1, macsShare: 1, nodeShare: 1, unmatched: [] })
    expectPlaces(report)
    const kinds = kindsOf(kernels, block)
    for (const [index, kind] of kinds.entries()) {
      if (/Conv$/.test(kernels[index]?.op ?? '')) expect(kind).toMatch(/convolution$/)
    }
    expect([...new Set(kinds)].filter((kind) => !known.has(kind) && !guessed.includes(kind))).toEqual([])
    expect(signatures.has(signatureOf(graph)), 'is no calibration network').toBe(false)
  })
})
