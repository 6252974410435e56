import { expect, it } from 'vitest'
import { build } from '../../src/models/spec.js'
import { diffModels } from '../../src/pipeline/diff.js'
import { diffText } from '../../src/report/diff.js'
import { plain } from '../../src/report/page.js'

const pairs = [
  ['mobilenet-v1', 'mobilenet-v2'],
  ['resnet-50', 'shufflenet-v2'],
  ['mobilenet-v2', 'mobilenet-v2:width=0.5'],
] as const

it.each(pairs)('fits pages from 60 to 160 columns: %s and %s', async (before, after) => {
  const diff = await diffModels(build(before), build(after))
  for (const width of [60, 80, 90, 100, 160]) {
    const lines = diffText(diff, { width, paint: plain }, { all: false }).split('\n')
    // sentences are not broken, as in every other report
    const figures = lines.filter((line) => line.startsWith('  ') && !line.includes('layers added'))
    expect(Math.max(...figures.map((line) => line.length)), `${width} columns`).toBeLessThanOrEqual(width)
  }
})
