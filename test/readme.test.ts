import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readmePath, run, shownCommands } from './readme.js'

describe('the README', () => {
  const shown = shownCommands(readFileSync(readmePath, 'utf8'))

  it('shows the main commands with their output', () => {
    const commands = shown.map(({ command }) => command.split(' ')[0])
    expect(new Set(commands)).toEqual(new Set(['profile', 'analyze', 'list', 'build']))
    expect(shown.filter(({ output }) => output.trim() === '')).toEqual([])
  })

  it.each(shown)('shows what $command prints', (command) => {
    expect(run(command)).toBe(command.output)
  })
})
