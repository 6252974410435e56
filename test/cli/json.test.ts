import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { run, temporaryFolder } from './run.js'

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const folder = temporaryFolder()

beforeAll(async () => {
  // in the cache of all tests
  expect(await run(['calibrate', '--cached'])).toMatchObject({ code: 0, stderr: '' })
}, 150_000)

/** The JSON that a command prints, with nothing around it. */
async function jsonOf(...args: string[]) {
  const { stdout, stderr, code } = await run([...args, '--format', 'json'], { cwd: folder })
  expect([stderr, code]).toEqual(['', 0])
  expect(stdout.endsWith('}\n')).toBe(true)
  return JSON.parse(stdout)
}

it.each([
  ['list', ['list'], ['architectures']],
  ['list of one', ['list', 'mobilenet-v2'], ['architectures']],
  [
    'analyze',
    ['analyze', 'mobilenet-v2'],
    ['model', 'totals', 'layers', 'byOp', 'coverage', 'warnings', 'memory', 'receptiveField'],
  ],
  ['diff', ['diff', 'mobilenet-v2', 'mobilenet-v2:width=0.5'], ['before', 'after', 'totals', 'byOp', 'layers']],
  ['build', ['build', 'mobilenet-v2:width=0.1', '-o', 'net.onnx'], ['built']],
  ['calibrate', ['calibrate', '--cached'], ['environment', 'ceilings']],
  [
    'predict',
    ['predict', 'mobilenet-v2:width=0.1'],
    ['model', 'totals', 'layers', 'environment', 'ceilings', 'theory', 'prediction', 'kernels'],
  ],
  [
    'profile',
    ['profile', 'mobilenet-v2:width=0.1', '--max-time', '300ms'],
    ['model', 'totals', 'layers', 'environment', 'ceilings', 'measurement', 'theory', 'gap', 'causes', 'kernels'],
  ],
])('prints nothing but JSON for %s, and says who wrote it', async (_, args, keys) => {
  const report = await jsonOf(...args)
  expect(Object.keys(report).slice(0, 2)).toEqual(['schemaVersion', 'tool'])
  expect(report.schemaVersion).toBe(1)
  expect(report.tool).toEqual({ name: 'flopgap', version })
  for (const key of keys) expect(report).toHaveProperty(key)
})

it('lists the same architectures in JSON and in a table', async () => {
  const { architectures } = await jsonOf('list')
  const { stdout } = await run(['list'])
  const names = [...stdout.matchAll(/^ {2}([a-z0-9.-]+) +(?:19|20)\d\d /gm)].map(([, name]) => name)
  expect(architectures.map(({ name }: { name: string }) => name)).toEqual(names)
  expect(names.length).toBeGreaterThan(3)
})

it('analyzes a file that it built as it analyzes the spec', async () => {
  await jsonOf('build', 'mobilenet-v1:width=0.25', '-o', 'v1.onnx')
  const [spec, file] = await Promise.all([jsonOf('analyze', 'mobilenet-v1:width=0.25'), jsonOf('analyze', 'v1.onnx')])
  expect(file.totals).toEqual(spec.totals)
  expect(file.layers).toEqual(spec.layers)
  expect(file.model).toMatchObject({ spec: null, structureSha256: spec.model.structureSha256 })
})

it('keeps ceilings: the cached ones are those that were measured', async () => {
  const [first, second] = [await jsonOf('calibrate', '--cached'), await jsonOf('calibrate', '--cached')]
  expect(second.ceilings.measuredAt).toBe(first.ceilings.measuredAt)
  expect(second).toEqual(first)
})

it('prints the same bytes twice', async () => {
  for (const args of [['list'], ['analyze', 'mobilenet-v2']]) {
    const [a, b] = await Promise.all([0, 1].map(() => run([...args, '--format', 'json'])))
    expect(a?.stdout).toBe(b?.stdout)
  }
})
