import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { PredictionReport } from '../../src/types.js'
import { modelBytes, put, value } from '../onnx/files.js'
import { run, temporaryFolder } from './run.js'

const folder = temporaryFolder()

// a machine whose speed moved by a quarter is calibrated anew, whoever asks
vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 })

beforeAll(async () => {
  expect(await run(['calibrate', '--cached'])).toMatchObject({ code: 0, stderr: '' })
})

async function predicted(...args: string[]): Promise<PredictionReport> {
  const { stdout, stderr, code } = await run(['predict', ...args, '--format', 'json'], { cwd: folder })
  expect([stderr, code]).toEqual(['', 0])
  return JSON.parse(stdout)
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const middle = (values: readonly number[]) => {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2
}

describe('a prediction', () => {
  let report: PredictionReport
  beforeAll(async () => {
    report = await predicted('mobilenet-v2')
  })

  it('is the sum of its kernels, the run and its output', () => {
    const { prediction, kernels, ceilings } = report
    const { runMs, outputBytesPerSecond, predictionRatios } = ceilings
    // a thousand classes of four bytes
    const outside = runMs + (1000 * 4000) / outputBytesPerSecond
    expect(prediction.latencyMs.point).toBeCloseTo(
      sum(kernels.map(({ ms }) => ms)) * middle(predictionRatios) + outside,
      9,
    )
    expect(prediction.latencyMs.lower).toBeLessThanOrEqual(prediction.latencyMs.point)
    expect(prediction.latencyMs.upper).toBeGreaterThanOrEqual(prediction.latencyMs.point)
    // of 50 networks, the second from either side: 1 - 4/51
    expect(prediction.latencyMs.confidenceLevel).toBeCloseTo(47 / 51, 9)
  })

  it('knows all kernels of a network that is in none of those it was calibrated on', () => {
    expect(report.prediction.guessedShare).toBe(0)
    expect(report.kernels.filter(({ isGuess }) => isGuess)).toEqual([])
    for (const { ms, name } of report.kernels) expect(ms, name).toBeGreaterThan(0)
  })

  it('has a kernel for each convolution, and every layer once at most', () => {
    const layers = report.kernels.flatMap(({ nodes }) => nodes)
    expect(new Set(layers).size).toBe(layers.length)
    expect(layers.filter((name) => name.endsWith('/conv'))).toHaveLength(52)
    for (const { inserted, nodes } of report.kernels) expect(inserted).toBe(nodes.length === 0)
  })

  it('sets its FLOPs and rooflines beside it', () => {
    const { theory, kernels, ceilings, totals } = report
    expect(totals.macs).toBe(300774272)
    expect(theory.flopsTimeMs).toBeCloseTo((1000 * totals.flops) / ceilings.flopsPerSecond, 9)
    expect(theory.rooflineMs).toBeCloseTo(sum(kernels.map(({ rooflineMs }) => rooflineMs)), 9)
  })

  it('is less for a network that does less of the same', async () => {
    const narrow = await predicted('mobilenet-v2:width=0.35')
    expect(narrow.prediction.latencyMs.point).toBeLessThan(report.prediction.latencyMs.point / 1.5)
  })
})

it('says what it guesses: kernels of kinds that it was not calibrated on', async () => {
  const nodes = [
    { opType: 'Relu', input: ['x'], output: ['r'] },
    { opType: 'Asinh', name: 'odd', input: ['r'], output: ['y'] },
  ]
  put(folder, 'odd.onnx', modelBytes({ input: [value('x', [1, 64, 56, 56])], output: [value('y', [])], node: nodes }))
  const { kernels, prediction } = await predicted('odd.onnx')
  expect(kernels.map(({ nodes, isGuess }) => [nodes[0], isGuess])).toContainEqual(['odd', true])
  expect(prediction.guessedShare).toBeGreaterThan(0)
  const { stdout } = await run(['predict', 'odd.onnx'], { cwd: folder })
  expect(stdout).toMatch(/kernels of unknown kinds/)
})

it('takes the sizes that a file leaves open', async () => {
  const relu = { opType: 'Relu', input: ['x'], output: ['y'] }
  put(
    folder,
    'open.onnx',
    modelBytes({ input: [value('x', ['n', 400])], output: [value('y', ['n', 400])], node: [relu] }),
  )
  const [few, many] = [
    await predicted('open.onnx', '--dim', 'n=10'),
    await predicted('open.onnx', '--shape', '20000,400'),
  ]
  expect(many.model.inputs[0]?.shape).toEqual([20_000, 400])
  expect(many.prediction.latencyMs.point).toBeGreaterThan(few.prediction.latencyMs.point)
})

it('leaves nothing behind', async () => {
  const temporary = temporaryFolder()
  const { code } = await run(['predict', 'mobilenet-v1:width=0.25'], { env: { TMPDIR: temporary } })
  expect(code).toBe(0)
  expect(readdirSync(temporary)).toEqual([])
})

it('says on its page that nothing was run, with the longest kernels and on demand all', async () => {
  const spec = 'mobilenet-v1:width=0.25'
  const [short, long] = [await run(['predict', spec]), await run(['predict', spec, '--all'])]
  expect([short.stderr, short.code, long.code]).toEqual(['', 0, 0])
  for (const { stdout } of [short, long]) {
    expect(stdout).toMatch(/^ *predicted +[\d.]+ [mµ]?s/m)
    expect(stdout).toMatch(/Nothing was run/)
  }
  expect(long.stdout.split('\n').length).toBeGreaterThan(short.stdout.split('\n').length)
})

describe('a prediction is refused', () => {
  put(folder, 'text.onnx', 'not a model')
  const relu = { opType: 'Relu', input: ['x'], output: ['y'] }
  put(folder, 'free.onnx', modelBytes({ input: [value('x', ['n', 4])], output: [value('y', [])], node: [relu] }))
  const odd = { name: 'odd one', opType: 'Frobnicate', input: ['x'], output: ['y'] }
  put(folder, 'unknown.onnx', modelBytes({ input: [value('x', [1, 4])], output: [value('y', [1, 4])], node: [odd] }))

  it.each([
    ['for no model', [], /missing required argument 'model'/],
    ['for an unknown architecture', ['mobilenet-v9'], /did you mean mobilenet-v/],
    ['for a missing file', ['nowhere.onnx'], /no file nowhere\.onnx/],
    ['for a file that is not ONNX', ['text.onnx'], /not an ONNX model/],
    ['for sizes left open', ['free.onnx'], /leaves sizes open/],
    ['for an operator that onnxruntime does not know', ['unknown.onnx'], /does not accept the model: .*Frobnicate/],
    ['for the model as its output', ['free.onnx', '--dim', 'n=1', '-o', 'free.onnx'], /is the model itself/],
    ['for no threads', ['mobilenet-v2', '--threads', '0'], /'0' is invalid/],
    ['for a provider: it is of the CPU', ['mobilenet-v2', '--provider', 'cpu'], /unknown option '--provider'/],
  ])('%s', async (_, args, message) => {
    // an empty cache: what is refused is refused before anything is calibrated
    const env = { FLOPGAP_CACHE_DIR: join(folder, 'no-cache') }
    const { stdout, stderr, code } = await run(['predict', ...args], { cwd: folder, env })
    expect(stderr).toMatch(/^flopgap: /)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
    expect([stdout, code]).toEqual(['', 2])
    expect(existsSync(env.FLOPGAP_CACHE_DIR)).toBe(false)
  })
})
