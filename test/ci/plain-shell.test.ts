import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { surfaceNames } from '../../src/report/gate/index.js'
import { block, each, page, variablesFor, workspace } from './clone.js'
import { bash } from './shell.js'

describe('the script for a plain shell', () => {
  const script = block('A plain shell', 'bash')
  const said: Readonly<Record<number, RegExp>> = {
    0: /fit to merge/,
    1: /larger or slower/,
    3: /nothing was judged \(exit code 3\)/,
    4: /cannot tell here/,
  }

  it.each(each)('says what came of it and leaves with the exit code: $name', ({ record, code }) => {
    writeFileSync(join(workspace, 'gate.json'), 'of an earlier run')
    const ran = bash(script, workspace, variablesFor(record))
    expect(ran.code).toBe(code)
    expect(ran.log).toMatch(said[code] ?? /^$/)
  })
})

describe('the page', () => {
  it('names every format', () => {
    for (const name of surfaceNames) expect(page).toContain(`| \`${name}\` |`)
  })
})
