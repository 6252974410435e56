import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { modelBytes, put, value } from '../onnx/files.js'
import { bin, run, temporaryFolder } from './run.js'

const root = temporaryFolder()
const env = { FLOPGAP_CACHE_DIR: join(root, 'cache') }
let folders = 0

/** A folder of its own for one test. */
function emptyFolder(): string {
  const folder = join(root, String(folders++))
  mkdirSync(folder)
  return folder
}

it('writes a report into a file, as JSON by its ending, and nothing to standard output', async () => {
  const cwd = emptyFolder()
  const json = await run(['analyze', 'mobilenet-v2', '-o', 'costs.json'], { cwd, env })
  const text = await run(['analyze', 'mobilenet-v2', '-o', 'costs.txt'], { cwd, env })
  for (const { stdout, stderr, code } of [json, text]) expect([stdout, stderr, code]).toEqual(['', '', 0])
  expect(JSON.parse(readFileSync(join(cwd, 'costs.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 })
  expect(readFileSync(join(cwd, 'costs.txt'), 'utf8')).toMatch(/^mobilenet-v2 /)
  expect(readdirSync(cwd).sort()).toEqual(['costs.json', 'costs.txt'])
})

it('writes to standard output for -o -, the same bytes as without', async () => {
  const cwd = emptyFolder()
  const plain = await run(['list', '--format', 'json'], { cwd, env })
  expect(plain.stdout.length).toBeGreaterThan(1000)
  const { stdout, stderr, code } = await run(['list', '--format', 'json', '-o', '-'], { cwd, env })
  expect([stdout, stderr, code]).toEqual([plain.stdout, '', 0])
  expect(readdirSync(cwd)).toEqual([])
})

it('writes into a pipe by the name of a file', async () => {
  const { stdout: plain } = await run(['list', '--format', 'json'], { env })
  const { stdout, stderr, code } = await shell('$FLOPGAP list --format json -o /dev/stdout | cat; exit $PIPESTATUS')
  expect([stdout, stderr, code]).toEqual([plain, '', 0])
})

it('writes into /dev/null and leaves it a device', async () => {
  const before = statSync('/dev/null').rdev
  const cwd = emptyFolder()
  for (const args of [['list'], ['analyze', 'mobilenet-v2'], ['build', 'mobilenet-v2:width=0.1']]) {
    const { stderr, code } = await run([...args, '-o', '/dev/null'], { cwd, env })
    expect([stderr, code]).toEqual(['', 0])
  }
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  expect(statSync('/dev/null').rdev).toBe(before)
  expect(readdirSync(cwd)).toEqual([])
})

it('keeps an old output where the new one cannot be made, and leaves nothing beside it', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'old'), 'kept')
  put(cwd, 'bad.onnx', 'no model')
  const refused = [
    ['analyze', 'bad.onnx', '-o', 'old'],
    ['analyze', 'mobilenet-v2:width=0', '-o', 'old'],
    ['list', 'nothing', '-o', 'old'],
    ['build', 'mobilenet-v2:width=0', '-o', 'old'],
    ['profile', 'bad.onnx', '-o', 'old'],
    ['profile', 'mobilenet-v2', '--provider', 'abacus', '-o', 'old'],
  ]
  for (const args of refused) {
    const { code } = await run(args, { cwd, env })
    expect(code, args.join(' ')).toBe(2)
  }
  expect(readFileSync(join(cwd, 'old'), 'utf8')).toBe('kept')
  expect(readdirSync(cwd).sort()).toEqual(['bad.onnx', 'old'])
})

it('builds the file that it says it built', async () => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'net.onnx'), 'old')
  const { stdout, code } = await run(['build', 'mobilenet-v2:width=0.1', '-o', 'net.onnx', '--format', 'json'], {
    cwd,
    env,
  })
  expect(code).toBe(0)
  const { built } = JSON.parse(stdout)
  expect(built).toMatchObject({ spec: 'mobilenet-v2:width=0.1', path: 'net.onnx', seed: 0 })
  expect(statSync(join(cwd, 'net.onnx')).size).toBe(built.byteLength)
  expect(readdirSync(cwd)).toEqual(['net.onnx'])
})

/** Runs a line of shell, in which $FLOPGAP is the command line. */
const shell = (line: string) =>
  new Promise<{ stdout: string; stderr: string; code: number }>((resolve) => {
    const FLOPGAP = `"${process.execPath}" "${bin}"`
    execFile(
      'bash',
      ['-c', line.replaceAll('$FLOPGAP', FLOPGAP)],
      { env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ stdout, stderr, code: Number(error?.code ?? 0) }),
    )
  })

it('ends without a word where its reader has seen enough', async () => {
  for (const command of [
    'list --format json',
    'analyze resnet-152 --all --format json',
    'analyze resnet-50 --all',
    '--help',
  ]) {
    const { stderr, code } = await shell(`$FLOPGAP ${command} | head -c 1; exit $PIPESTATUS`)
    expect([command, stderr, code]).toEqual([command, '', 0])
  }
})

it('ends without a word where nobody reads at all', async () => {
  const { stderr, code } = await shell('($FLOPGAP analyze resnet-152 --all --format json; echo $? >&2) | true')
  expect([stderr, code]).toEqual(['0\n', 0])
})

it('tells where standard output has no room', async () => {
  const { stderr, code } = await shell('$FLOPGAP list >/dev/full')
  expect(stderr).toMatch(/^flopgap: cannot write to standard output: no space is left on the disk\n/)
  expect(stderr).not.toContain('    at ')
  expect(code).toBe(2)
})

it('keeps its code where nobody reads its complaint', async () => {
  const { code } = await shell('$FLOPGAP analyze nowhere.onnx 2>&1 >/dev/null | true; exit $PIPESTATUS')
  expect(code).toBe(2)
})

it('writes colour only where it is asked for or seen', async () => {
  const colours = async (env: NodeJS.ProcessEnv) => (await run(['list'], { env })).stdout.includes('\u001b')
  expect(await colours({})).toBe(false)
  expect(await colours({ FORCE_COLOR: '1' })).toBe(true)
  expect(await colours({ FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false)
})

it('makes names of a file harmless: no control code reaches the terminal', async () => {
  const cwd = emptyFolder()
  // colour, window title, carriage return, C1 control sequence, bell, right-to-left override
  const evil = 'n\u001b[31m\u001b]0;title\u0007\r\u009b2J\u202e'
  const graph = (input: readonly (number | string)[]) =>
    modelBytes({
      input: [value(`in${evil}`, input)],
      output: [value('y', [1, 4])],
      node: [
        { name: `first${evil}`, opType: 'Relu', input: [`in${evil}`], output: [`mid${evil}`] },
        { name: `second${evil}`, opType: 'Sigmoid', input: [`mid${evil}`], output: ['y'] },
      ],
    })
  put(cwd, 'names.onnx', graph([1, 4]))
  put(cwd, 'free.onnx', graph([`batch${evil}`, 4]))
  put(cwd, `file${evil.replaceAll('/', '')}.onnx`, 'no model')
  put(
    cwd,
    'op.onnx',
    modelBytes({ output: [value('y', [])], node: [{ name: `n${evil}`, opType: `Op${evil}`, output: ['y'] }] }),
  )
  const commands = [
    ['analyze', 'names.onnx', '--all'],
    ['analyze', 'free.onnx'],
    ['analyze', 'op.onnx'],
    ['analyze', `file${evil}.onnx`],
    ['analyze', `mobilenet-v2:${evil}=1`],
    ['analyze', 'names.onnx', '--shape', `${evil}:1`],
    ['list', evil],
    ['analyze', `--${evil}`],
    [`${evil}`],
  ]
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/
  for (const args of commands) {
    const { stdout, stderr } = await run(args, { cwd, env })
    const said = stdout + stderr
    expect(said).not.toMatch(control)
    expect(said, JSON.stringify(args)).toMatch(/\\u\{1b\}|\\u001b/)
  }
})
