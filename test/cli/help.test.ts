import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { run } from './run.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/** The commands that the program's own help lists. */
const help = (await run(['--help'])).stdout
const listed = help.slice(help.indexOf('Commands:'), help.indexOf('Examples:'))
const commands = [...listed.matchAll(/^ {2}([a-z]+) /gm)].flatMap(([, name]) => (name === 'help' ? [] : (name ?? [])))

/** The lines of a help text that show how to call flopgap, as words. */
const examplesIn = (text: string): string[][] =>
  [...text.slice(text.indexOf('Examples:')).matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) =>
    // what stands after a wide gap explains the line
    (line.split(/ {2,}/)[0] ?? '').split(' '),
  )

/** `-o` and `--output` and all others that a help text declares. */
const optionsIn = (text: string): string[] =>
  [...text.slice(text.indexOf('Options:'), text.indexOf('Examples:')).matchAll(/^ {2}(-.*?)(?: {2,}|$)/gm)].flatMap(
    ([, flags = '']) => flags.match(/-{1,2}[a-z-]+/gi) ?? [],
  )

it('lists its commands with examples of them, and the exit codes', () => {
  for (const name of [
    'analyze',
    'build',
    'calibrate',
    'claims',
    'compare',
    'diff',
    'guidelines',
    'lint',
    'list',
    'merge',
    'predict',
    'profile',
  ])
    expect(commands).toContain(name)
  const examples = examplesIn(help)
  expect(examples.length).toBeGreaterThan(2)
  for (const [program, command] of examples) {
    expect(program).toBe('flopgap')
    expect(commands).toContain(command)
  }
  expect(help).toMatch(/Exit codes: 0 .*, 2 .*, 3 /)
})

it.each(commands)('helps with %s by examples whose options exist', async (command) => {
  const { stdout, stderr, code } = await run([command, '--help'])
  expect([stderr, code]).toEqual(['', 0])
  const options = optionsIn(stdout)
  expect(options).toContain('--help')
  const examples = examplesIn(stdout)
  expect(examples.length).toBeGreaterThan(1)
  for (const words of examples) {
    expect(words.slice(0, 2)).toEqual(['flopgap', command])
    for (const word of words.filter((word) => word.startsWith('-'))) expect(options, words.join(' ')).toContain(word)
  }
})

it.each(commands)('gives the same help for "help %s"', async (command) => {
  const [asked, flagged] = await Promise.all([run(['help', command]), run([command, '--help'])])
  expect(asked).toEqual(flagged)
})

it('tells its version, which is that of the package', async () => {
  for (const flag of ['--version', '-V']) {
    expect(await run([flag])).toMatchObject({ stdout: `${version}\n`, stderr: '', code: 0 })
  }
})
