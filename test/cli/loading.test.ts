import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { modelBytes, put, value } from '../onnx/files.js'
import { run, temporaryFolder } from './run.js'

const folder = temporaryFolder()
let runs = 0

const relu = modelBytes({
  input: [value('x', [1, 4])],
  output: [value('y', [1, 4])],
  node: [{ opType: 'Relu', input: ['x'], output: ['y'] }],
})
const file = put(folder, 'relu.onnx', relu)

/** Paths of the modules that a command loads, by V8's own account; it tells of a module once any of it ran. */
async function modulesOf(...args: string[]): Promise<string[]> {
  const NODE_V8_COVERAGE = join(folder, String(runs++))
  mkdirSync(NODE_V8_COVERAGE)
  const { code, stderr } = await run(args, { env: { NODE_V8_COVERAGE } })
  expect([code, stderr]).toEqual([0, ''])
  const reports = readdirSync(NODE_V8_COVERAGE).map((name) => readFileSync(join(NODE_V8_COVERAGE, name), 'utf8'))
  return reports
    .flatMap((report) => (JSON.parse(report) as { result: { url: string }[] }).result)
    .flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []))
}

const hasOnnxruntime = (modules: readonly string[]) => modules.some((path) => path.includes('/onnxruntime-node/'))

/** By what stands in the file of one of them. */
const hasConventions = (modules: readonly string[]) =>
  modules.some((path) => readFileSync(path, 'utf8').includes('FlopCountAnalysis'))

/** onnx-proto is bundled, so that it shows by what stands in the file. */
const hasOnnxProto = (modules: readonly string[]) =>
  modules.some((path) => readFileSync(path, 'utf8').includes('TensorProto.DataLocation'))

it('loads neither onnxruntime nor onnx-proto to list, to help or to complain of usage', async () => {
  for (const args of [
    ['list'],
    ['list', 'mobilenet-v2', '--format', 'json'],
    ['--help'],
    ['analyze', '--help'],
    ['-V'],
  ]) {
    const modules = await modulesOf(...args)
    expect(modules.length).toBeGreaterThan(1)
    expect([args, hasOnnxruntime(modules), hasOnnxProto(modules)]).toEqual([args, false, false])
  }
})

it('loads onnx-proto for a file alone', async () => {
  const [spec, loaded] = await Promise.all([modulesOf('analyze', 'mobilenet-v2'), modulesOf('analyze', file)])
  expect([hasOnnxruntime(spec), hasOnnxProto(spec)]).toEqual([true, false])
  expect([hasOnnxruntime(loaded), hasOnnxProto(loaded)]).toEqual([true, true])
})

it('loads the conventions for those who ask for them', async () => {
  const [plain, asked] = await Promise.all([modulesOf('analyze', file), modulesOf('analyze', file, '--reconcile')])
  expect([hasConventions(plain), hasConventions(asked)]).toEqual([false, true])
})
