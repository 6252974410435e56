import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { surfaceNames, surfaces } from '../../../src/report/gate/index.js'
import { report, unjudged } from './reports.js'

const files = readdirSync(new URL('../../../src/report/gate', import.meta.url))

describe('the list of surfaces', () => {
  it.each(surfaceNames)('%s has a file and writes text that ends its last line', async (name) => {
    expect(files).toContain(`${name}.ts`)
    const render = await surfaces[name]()
    expect(render(report())).toMatch(/\S\n$/)
    // where nothing could be judged there is still something to read
    expect(render(unjudged)).toMatch(/\S\n$/)
  })
})
