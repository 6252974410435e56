import { describe, expect, it } from 'vitest'
import { commandsOf, pages, run } from './docs.js'

describe.each(pages)('%s', (page) => {
  const shown = commandsOf(page)

  it('shows commands', () => {
    expect(shown).not.toEqual([])
    expect(shown.filter(({ output }) => output.trim() === '')).toEqual([])
  })

  it.each(shown)('shows what $command prints', (command) => {
    expect(run(command)).toBe(command.output)
  })
})
