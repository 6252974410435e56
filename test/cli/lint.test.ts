import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Log } from 'sarif'
import { describe, expect, it } from 'vitest'
import { rules } from '../../src/analyzers/rules/index.js'
import type { GapReport, LintReport } from '../../src/types.js'
import { put } from '../onnx/files.js'
import { writeSmall } from '../runtime/small-model.js'
import { type Finished, run, temporaryFolder } from './run.js'

const folder = temporaryFolder()
const profile = fileURLToPath(new URL('../../fixtures/mobilenet-v2.profile.json', import.meta.url))
const lint = (...args: string[]): Promise<Finished> => run(['lint', ...args], { cwd: folder })

/** Two convolutions in four groups that never mix, under a hostile name. */
const bad = writeSmall(folder, 'bad', {
  inputs: { '\u001b[31mx': [1, 16, 8, 8] },
  outputs: 'y',
  named: false,
  weights: { v: [16, 4, 1, 1], w: [16, 4, 1, 1] },
  nodes: [
    ['Conv \u001b[31mx v -> \u001b[2J\u202ename', { group: 4, kernel_shape: [1, 1] }],
    ['Conv \u001b[2J\u202ename w -> y', { group: 4, kernel_shape: [1, 1] }],
  ],
})

async function linted(...args: string[]): Promise<LintReport> {
  const { stdout, stderr } = await lint(...args, '--format', 'json')
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

describe('lint', () => {
  it('takes times from a profile', async () => {
    const { stdout, stderr, code } = await lint('--profile', profile)
    expect([stderr, code]).toEqual(['', 0])
    expect(stdout).toMatch(/[\d.]+ ms measured/)
    const report = await linted('--profile', profile)
    expect(report).toMatchObject({ basis: 'measured', failOn: 'error', failed: false })
    const profiled: GapReport = JSON.parse((await run(['profile', '--replay', profile, '--format', 'json'])).stdout)
    expect(report.latencyMs).toEqual(profiled.measurement.latencyMs)
    const { kernels } = profiled
    const widths = report.findings.filter(({ rule }) => rule === 'unequal-channel-width')
    expect(widths.length).toBeGreaterThan(0)
    for (const { nodes, ms, basis } of widths) {
      expect([kernels.find((kernel) => kernel.nodes.includes(nodes[0] ?? ''))?.ms, 'measured']).toEqual([ms, basis])
    }
  })

  it('has only the worst of each rule on its page, and on demand all', async () => {
    const [short, long] = [await lint('--profile', profile), await lint('--profile', profile, '--all')]
    expect(short.stdout).toMatch(/and \d+ more/)
    expect(long.stdout).not.toMatch(/and \d+ more/)
    expect(long.stdout.split('\n').length).toBeGreaterThan(short.stdout.split('\n').length)
  })

  it('looks at the graph alone, says what it skips, and fails by the gravest finding', async () => {
    const { stdout, code } = await lint(bad, '--no-cost')
    expect(code).toBe(1)
    expect(stdout).toContain('unshuffled-group-convolutions')
    expect(stdout).toMatch(/skipped elementwise-share, unfused-normalization/)
    expect(stdout).not.toContain('\u001b[2J')
    expect(stdout).not.toContain('\u202e')
    expect(stdout).toContain('\\u{1b}[2J\\u{202e}name')
  })

  it.each([
    [['--fail-on', 'never'], 0],
    [['--fail-on', 'warning'], 1],
    [['--rule', 'group-convolution'], 0],
    [['--rule', 'group-convolution', '--fail-on', 'warning'], 1],
    [['--rule', 'fragmentation', '--rule', 'large-reduction', '--fail-on', 'info'], 0],
  ])('with %j leaves with %i', async (args, code) => {
    expect((await lint(bad, '--no-cost', ...args)).code).toBe(code)
  })

  it('obeys a configuration, and an option before it', async () => {
    const config = put(
      folder,
      'config.json',
      JSON.stringify({
        lint: { failOn: 'never', rules: { 'group-convolution': 'off', 'small-receptive-field': 'off' } },
      }),
    )
    const found = await lint(bad, '--no-cost', '--config', config, '--format', 'json')
    const report: LintReport = JSON.parse(found.stdout)
    expect([found.code, report.configuration]).toEqual([0, config])
    expect(report.findings.map(({ rule }) => rule)).toEqual(['unshuffled-group-convolutions'])
    expect((await lint(bad, '--no-cost', '--config', config, '--fail-on', 'error')).code).toBe(1)
  })

  it('finds the configuration in its folder', async () => {
    put(folder, 'project/flopgap.config.json', '{"lint": {"failOn": "never"}}')
    expect((await run(['lint', bad, '--no-cost'], { cwd: join(folder, 'project') })).code).toBe(0)
  })

  it('writes SARIF, by the ending of a file too', async () => {
    const { code, stdout } = await lint('bad.onnx', '--no-cost', '-o', 'bad.sarif')
    expect([code, stdout]).toEqual([1, ''])
    const log: Log = JSON.parse(readFileSync(join(folder, 'bad.sarif'), 'utf8'))
    expect(log.runs[0]?.artifacts?.[0]?.location?.uri).toBe('bad.onnx')
    expect(log.runs[0]?.results?.map(({ ruleId }) => ruleId)).toContain('unshuffled-group-convolutions')
  })

  it('lists its rules', async () => {
    const { stdout, code } = await lint('--list')
    expect(code).toBe(0)
    for (const { id, source } of rules)
      for (const text of [id, source.split(',')[0] ?? '']) expect(stdout).toContain(text)
    const { rules: listed } = JSON.parse((await lint('--list', '--format', 'json')).stdout)
    expect(listed.map(({ id }: { id: string }) => id)).toEqual(rules.map(({ id }) => id))
  })

  it('predicts times by default', async () => {
    const report = await linted('mobilenet-v1:width=0.25')
    expect(report.basis).toBe('predicted')
    expect(report.rules.filter(({ status }) => status === 'skipped').map(({ id }) => id)).toContain('provider-fallback')
    for (const { ms, basis, rule } of report.findings) {
      // its activations are fused
      const isTimed = rule !== 'activation-between-depthwise-and-pointwise'
      expect([rule, ms !== null && ms > 0, basis]).toEqual([rule, isTimed, 'predicted'])
    }
  })
})

describe('lint --fix', () => {
  const fixable = writeSmall(folder, 'fixable', {
    inputs: { x: [1, 8, 'h', 6] },
    outputs: 'y',
    weights: { w: [8, 8, 2, 2], s: [8], b: [8], m: [8], v: [8] },
    nodes: [['ConvTranspose x w -> t', { strides: [2, 2], kernel_shape: [2, 2] }], 'BatchNormalization t s b m v -> y'],
  })

  it('writes the model without what it found, and shows both measured', async () => {
    const { stdout, stderr, code } = await lint(
      fixable,
      '--dim',
      'h=6',
      '--fix',
      '-o',
      'fixed.onnx',
      '--max-time',
      '300ms',
    )
    expect([stderr, code]).toEqual(['', 0])
    expect(stdout).toContain('folded into the ConvTranspose before it')
    expect(stdout).toMatch(/^ *speedup +[\d.]+ x, [\d.]+ x to [\d.]+ x/m)
    const again = await linted('fixed.onnx', '--dim', 'h=6', '--rule', 'unfused-normalization')
    expect(again.findings).toEqual([])
  })

  it('writes nothing where there is nothing to fix', async () => {
    const { stdout, code } = await lint('mobilenet-v1:width=0.25', '--fix', '-o', 'nothing.onnx')
    expect(code).toBe(0)
    expect(stdout).toContain('nothing is written')
    expect(existsSync(join(folder, 'nothing.onnx'))).toBe(false)
  })
})

describe('lint is refused', () => {
  put(folder, 'unknown.json', '{"lint": {"rules": {"fragmentasion": "off"}}}')

  it.each([
    ['without a model', [], /no model is given/],
    [
      'for a rule that there is not',
      ['mobilenet-v2', '--no-cost', '--rule', 'fragmentations'],
      /did you mean fragmentation\?/,
    ],
    [
      'for one in the configuration',
      ['mobilenet-v2', '--no-cost', '--config', 'unknown.json'],
      /"fragmentasion"; did you mean fragmentation/,
    ],
    ['for times from two places', ['mobilenet-v2', '--no-cost', '--measure'], /--measure and --no-cost contradict/],
    ['for times of a provider that is not measured', ['mobilenet-v2', '--provider', 'webgpu'], /cannot be predicted/],
    ['for a fix without a place', ['mobilenet-v2', '--fix'], /--fix needs a file/],
    ['for a fix without times', ['mobilenet-v2', '--fix', '--no-cost', '-o', 'a.onnx'], /--no-cost leaves out/],
    ['for the model as its output', ['bad.onnx', '--fix', '-o', 'bad.onnx'], /is the model itself/],
    ['for a profile of another model', ['mobilenet-v1', '--profile', profile], /measurement of another model/],
  ])('%s', async (_, args, message) => {
    const { stdout, stderr, code } = await lint(...args)
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
    expect([stdout, code]).toEqual(['', 2])
  })
})
