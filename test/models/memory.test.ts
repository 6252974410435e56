import { statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../src/models/spec.js'
import { writeModel } from '../../src/models/write.js'
import { analyzeModel } from '../../src/pipeline/analyze.js'
import { withScratchFolder } from '../../src/runtime/scratch.js'

const mebibyte = 2 ** 20

/** The most memory that this process, which runs this file only, has ever held. */
const peak = () => process.resourceUsage().maxRSS * 1024

/** How much `action` raises the peak, in bytes. */
async function growth(action: () => Promise<unknown>): Promise<number> {
  const before = peak()
  await action()
  return peak() - before
}

test.each(['vgg-16', 'senet-154'])('%s is analyzed without its weights in memory', async (spec) => {
  await analyzeModel(build('squeezenet')) // onnxruntime itself
  let paramBytes = 0
  const grown = await growth(async () => {
    paramBytes = (await analyzeModel(build(spec))).totals.paramBytes
  })
  expect(paramBytes).toBeGreaterThan(400 * mebibyte)
  expect(grown).toBeLessThan(100 * mebibyte)
})

test('vgg-16 is written piece by piece', async () => {
  await withScratchFolder(async (folder) => {
    const path = join(folder, 'vgg-16.onnx')
    const grown = await growth(() => writeModel(build('vgg-16'), 0, path))
    expect(statSync(path).size).toBeGreaterThan(4 * 138357544)
    expect(grown).toBeLessThan(150 * mebibyte)
  })
})

// last, as it raises the peak
test('such growth would be seen: even what is held for a moment raises the peak', async () => {
  const held = peak() + 300 * mebibyte
  expect(await growth(async () => new Uint8Array(held).fill(1).length)).toBeGreaterThan(200 * mebibyte)
})
