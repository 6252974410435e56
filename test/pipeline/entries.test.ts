import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { architectures } from '../../src/models/index.js'
import { entriesOf, withReference } from '../../src/pipeline/entries.js'
import { shardOf } from '../../src/pipeline/shard.js'
import { temporaryFolder } from '../onnx/files.js'
import { writeSmall } from '../runtime/small-model.js'

const folder = temporaryFolder()
const file = writeSmall(folder, 'open', { inputs: { x: ['batch', 4, 8, 8] }, outputs: 'y', nodes: ['Relu x -> y'] })

const labels = async (targets: string[], vary = {}) => (await entriesOf(targets, vary)).map(({ label }) => label)

describe('the models of a comparison', () => {
  it('are called by the shortest spec, or by their path', async () => {
    expect(await labels(['mobilenet-v1:resolution=128,width=0.50,batch=1', file])).toEqual([
      'mobilenet-v1:width=0.5,resolution=128',
      file,
    ])
  })

  it('have a name each, though one is given twice', async () => {
    expect(await labels(['mobilenet-v1', 'mobilenet-v1:width=1', 'mobilenet-v1'])).toEqual([
      'mobilenet-v1',
      'mobilenet-v1 #2',
      'mobilenet-v1 #3',
    ])
  })

  it('are all of a family where that is named', async () => {
    const family = architectures.filter(({ name }) => name.startsWith('resnet-')).map(({ name }) => name)
    expect(family.length).toBeGreaterThan(2)
    expect(await labels(['resnet', 'alexnet'])).toEqual([...family, 'alexnet'])
  })

  it('are every combination of the varied options of each', async () => {
    const entries = await entriesOf(['mobilenet-v1', 'mobilenet-v2'], {
      width: ['1', '0.5'],
      resolution: ['224', '160'],
    })
    expect(entries.map(({ label, varied: { width, resolution } }) => [label, width, resolution])).toEqual([
      ['mobilenet-v1', '1', '224'],
      ['mobilenet-v1:resolution=160', '1', '160'],
      ['mobilenet-v1:width=0.5', '0.5', '224'],
      ['mobilenet-v1:width=0.5,resolution=160', '0.5', '160'],
      ['mobilenet-v2', '1', '224'],
      ['mobilenet-v2:resolution=160', '1', '160'],
      ['mobilenet-v2:width=0.5', '0.5', '224'],
      ['mobilenet-v2:width=0.5,resolution=160', '0.5', '160'],
    ])
    expect(new Set(entries.map(({ base }) => base))).toEqual(new Set(['mobilenet-v1', 'mobilenet-v2']))
  })

  it('keep the options that are not varied', async () => {
    expect(await labels(['mobilenet-v1:width=0.5'], { resolution: ['224', '96'] })).toEqual([
      'mobilenet-v1:width=0.5',
      'mobilenet-v1:width=0.5,resolution=96',
    ])
  })

  it('of a file have its free dimensions varied', async () => {
    const entries = await entriesOf([file], { batch: ['1', '8'] })
    expect(entries.map(({ label, dims }) => [label, dims])).toEqual([
      [`${file}:batch=1`, { batch: 1 }],
      [`${file}:batch=8`, { batch: 8 }],
    ])
  })

  it.each([
    [['mobilenet-v1'], { depthh: ['full'] }, 'unknown-option', /depth/],
    [['mobilenet-v1'], { width: ['1', 'wide'] }, 'bad-option', /width=wide/],
    [['mobilenet-v1:width=1'], { width: ['0.5'] }, 'bad-option', /given twice/],
    [[file], { batch: ['1', 'some'] }, 'bad-option', /batch=some/],
    [[file], { batch: ['0'] }, 'bad-option', /batch=0/],
  ])('%j cannot be varied by %j', async (targets, vary, code, message) => {
    await expect(entriesOf(targets, vary as Record<string, string[]>)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    })
  })
})

describe('the reference', () => {
  it('is the first, one of them by any of its names, or another in front', async () => {
    const entries = await entriesOf(['mobilenet-v1', 'mobilenet-v2'], {})
    const labelled = async (target?: string) => {
      const { all, reference } = await withReference(entries, target)
      return [reference, all.length, all[0]?.label]
    }
    expect(await labelled()).toEqual(['mobilenet-v1', 2, 'mobilenet-v1'])
    expect(await labelled('mobilenet-v2')).toEqual(['mobilenet-v2', 2, 'mobilenet-v1'])
    expect(await labelled('mobilenet-v2:width=1')).toEqual(['mobilenet-v2', 2, 'mobilenet-v1'])
    expect(await labelled('squeezenet')).toEqual(['squeezenet', 3, 'squeezenet'])
  })
})

describe('shards', () => {
  it('are disjoint, together all, and differ by one item at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 70 }), (length, count) => {
        const items = Array.from({ length }, (_, item) => item)
        const shards = Array.from({ length: count }, (_, index) => shardOf(items, { index: index + 1, count }))
        expect(shards.flat().sort((a, b) => a - b)).toEqual(items)
        const sizes = shards.map((shard) => shard.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        for (const shard of shards) expect(shard).toEqual([...shard].sort((a, b) => a - b))
      }),
    )
  })
})
