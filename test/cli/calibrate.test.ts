import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Ceilings } from '../../src/types.js'
import { isGone } from './processes.js'
import { run, start, temporaryFolder, until } from './run.js'

const root = temporaryFolder()
/** That of all tests, so that they calibrate once. */
const shared = process.env.FLOPGAP_CACHE_DIR ?? ''
/** Beside it are those that tests of other providers leave. */
const file = () =>
  readdirSync(shared).find((name) => name.startsWith('ceilings-') && name.includes(fingerprint)) ?? 'none'
const kept = (): Ceilings => JSON.parse(readFileSync(join(shared, file()), 'utf8'))
let folders = 0
let fingerprint = ''

// a machine whose speed moved by a quarter is calibrated anew, whoever asks
vi.setConfig({ testTimeout: 150_000, hookTimeout: 150_000 })

beforeAll(async () => {
  const { stdout, stderr, code } = await run(['calibrate', '--cached', '--format', 'json'])
  expect([stderr, code]).toEqual(['', 0])
  fingerprint = JSON.parse(stdout).ceilings.fingerprint
})

function emptyFolder(): string {
  const folder = join(root, `folder-${folders++}`)
  mkdirSync(folder)
  return folder
}

/** A cache of its own that holds a text where this machine's ceilings should be. */
function cacheOf(text: string): string {
  const cache = emptyFolder()
  writeFileSync(join(cache, file()), text)
  return cache
}

/** Waits until a command calibrates, which it has some forty models for, and interrupts it. */
async function expectCalibrates(cache: string): Promise<void> {
  const temporary = emptyFolder()
  const env = { FLOPGAP_CACHE_DIR: cache, FLOPGAP_KEEP_CEILINGS: '', TMPDIR: temporary }
  const { child, finished } = start(['predict', 'mobilenet-v1:width=0.25,resolution=96'], { env })
  onTestFinished(() => {
    if (!isGone(child.pid ?? 0)) child.kill('SIGKILL')
  })
  await until(() => readdirSync(temporary).some((name) => existsSync(join(temporary, name, '40.onnx'))))
  child.kill('SIGINT')
  expect(await finished).toMatchObject({ code: 130, stdout: '' })
}

describe('kept ceilings', () => {
  const half = () => JSON.stringify(kept()).slice(0, 2000)

  it.each([
    ['an empty file', () => ''],
    ['half a file', half],
    ['another JSON', () => '{"flopsPerSecond": 1e9}'],
    ['ceilings without one of theirs', () => JSON.stringify({ ...kept(), profilerMs: undefined })],
    ['a rate that is none', () => JSON.stringify({ ...kept(), flopsPerSecond: -1 })],
  ])('are measured again where there is %s', async (_, text) => {
    const cache = cacheOf(text())
    await expectCalibrates(cache)
    // half a calibration replaces nothing
    expect(readFileSync(join(cache, file()), 'utf8')).toBe(text())
  })

  it.each(['arithmeticMs', 'memoryMs', 'networkMs'] as const)(
    'are measured again where %s says that the machine is another one',
    async (probe) => {
      const { probes } = kept()
      // no drift of a shared machine is a hundredfold
      await expectCalibrates(
        cacheOf(JSON.stringify({ ...kept(), probes: { ...probes, [probe]: probes[probe] / 100 } })),
      )
    },
  )

  it('are shown as they are, however old, and left alone', async () => {
    const text = `${JSON.stringify({ ...kept(), measuredAt: '2001-01-01T00:00:00.000Z' })}\n`
    const cache = cacheOf(text)
    const { stdout } = await run(['calibrate', '--cached', '--format', 'json'], { env: { FLOPGAP_CACHE_DIR: cache } })
    expect(JSON.parse(stdout).ceilings).toEqual(JSON.parse(text))
    expect(readFileSync(join(cache, file()), 'utf8')).toBe(text)
  })

  it('are used with the drift that the probes find, and said to be', async () => {
    const { stdout, code } = await run(['predict', 'mobilenet-v1:width=0.25,resolution=96', '--format', 'json'])
    expect(code).toBe(0)
    const { ceilings } = JSON.parse(stdout) as { ceilings: Ceilings }
    const now = kept()
    expect(ceilings.measuredAt).toBe(now.measuredAt)
    const { arithmetic, memory, network } = ceilings.drift
    expect(ceilings.flopsPerSecond * arithmetic).toBeCloseTo(now.flopsPerSecond, 0)
    expect((ceilings.bandwidth[0]?.bytesPerSecond ?? 0) * memory).toBeCloseTo(now.bandwidth[0]?.bytesPerSecond ?? 0, 0)
    for (const [index, { kind, costs }] of ceilings.kernelTimes.entries()) {
      const then = now.kernelTimes[index]
      expect(kind).toBe(then?.kind)
      for (const [name, cost] of Object.entries(costs))
        expect(cost / network / (then?.costs[name] ?? 0)).toBeCloseTo(1, 9)
    }
  })
})

describe('ceilings that were measured', () => {
  it('are of a machine that can be', () => {
    const { flopsPerSecond, flopsPerSecondBy, bandwidth, dispatchMs, runMs, profilerMs, predictionRatios } = kept()
    expect(flopsPerSecondBy.float32).toBe(flopsPerSecond)
    // a hundred million FLOP/s is a pocket calculator, a hundred trillion no CPU
    expect(flopsPerSecond).toBeGreaterThan(1e8)
    expect(flopsPerSecond).toBeLessThan(1e14)
    const sizes = bandwidth.map(({ workingSetBytes }) => workingSetBytes)
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b))
    for (const { bytesPerSecond } of bandwidth) expect(bytesPerSecond).toBeGreaterThan(1e8)
    for (const ms of [dispatchMs, runMs, profilerMs]) expect(ms).toBeLessThan(1)
    // 48 networks of convolutions and two of other operators
    expect(predictionRatios).toHaveLength(50)
  })

  it('have kernels of all kinds of convolution, and rates of their classes', () => {
    const { kernelTimes, classes, vectorBlock } = kept()
    const kinds = kernelTimes.map(({ kind }) => kind)
    expect(new Set(kinds).size).toBe(kinds.length)
    for (const kind of ['plain pointwise convolution', 'matrix product', 'any other kernel'])
      expect(kinds).toContain(kind)
    if (vectorBlock > 1) expect(kinds).toContain('blocked pointwise convolution')
    const names = classes.map((rate) => rate.class)
    for (const name of ['dense-conv', 'pointwise-conv', 'depthwise-conv', 'elementwise']) expect(names).toContain(name)
  })
})

describe('a replay of ceilings', () => {
  const saved = join(root, 'ceilings.json')
  beforeAll(async () => {
    expect(await run(['calibrate', '--cached', '-o', saved])).toMatchObject({ code: 0 })
  })

  it('shows those that were saved, with no calibration', async () => {
    const env = { FLOPGAP_CACHE_DIR: emptyFolder() }
    const { stdout } = await run(['calibrate', '--replay', saved, '--format', 'json'], { env })
    expect(stdout).toBe(readFileSync(saved, 'utf8'))
    expect(readdirSync(env.FLOPGAP_CACHE_DIR)).toEqual([])
  })

  it('shows the same page as the machine itself', async () => {
    const [itself, replayed] = [await run(['calibrate', '--cached']), await run(['calibrate', '--replay', saved])]
    expect(replayed).toEqual(itself)
    expect(replayed.code).toBe(0)
  })

  it('is refused for another file', async () => {
    const other = join(root, 'other.json')
    writeFileSync(other, '{"ceilings": {}}')
    const { stdout, stderr, code } = await run(['calibrate', '--replay', other])
    expect([stdout, code]).toEqual(['', 2])
    expect(stderr).toMatch(/^flopgap: .*other\.json is not a report/)
    expect(stderr).not.toContain('    at ')
  })
})
