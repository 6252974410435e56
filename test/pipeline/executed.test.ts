import { profile } from 'flopgap'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/models/spec.js'
import { noBinding } from '../../src/onnx/bind.js'
import { executedCost } from '../../src/pipeline/executed.js'
import { inferShapes } from '../../src/runtime/shapes.js'

const small = 'mobilenet-v1:width=0.25,resolution=96'

describe('a model as executed', () => {
  it('moves what the kernels of a real run move', async () => {
    const executed = await executedCost(await inferShapes(build(small), noBinding))
    const { kernels } = await profile(build(small), { maxTimeMs: 300 })
    const moved = kernels.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(executed.totals.readBytes + executed.totals.writeBytes).toBe(moved)
    expect(executed.layers.map(({ op, nodes, inserted }) => [op, nodes, inserted])).toEqual(
      kernels.map(({ op, nodes, inserted }) => [op, [...nodes], inserted]),
    )
  })

  it('has every operator counted, and each source layer in one kernel', async () => {
    const model = build(small)
    const { coverage, layers } = await executedCost(await inferShapes(model, noBinding))
    expect(coverage.uncountedOps).toEqual([])
    const sources = layers.flatMap(({ nodes }) => nodes)
    expect(sources.toSorted()).toEqual(model.nodes.map(({ name }) => name).toSorted())
  })
})
