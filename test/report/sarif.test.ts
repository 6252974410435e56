import type { Log } from 'sarif'
import { describe, expect, it } from 'vitest'
import { load } from '../../src/onnx/load.js'
import { lintModel } from '../../src/pipeline/lint.js'
import { sarif } from '../../src/report/sarif.js'
import type { LintReport } from '../../src/types.js'
import { temporaryFolder } from '../onnx/files.js'
import { writeSmall } from '../runtime/small-model.js'

const model = load(
  writeSmall(temporaryFolder(), 'hostile', {
    inputs: { x: [1, 8, 28, 28] },
    outputs: '\u001b[31mred',
    named: false,
    weights: { w: [96, 8, 1, 1] },
    nodes: [['Conv x w -> \u001b[31mred', { kernel_shape: [1, 1] }]],
  }),
)
const logOf = (report: LintReport, folder = '/work'): Log => JSON.parse(sarif('1.2.3', report, folder))
const report = await lintModel(model, {
  costs: 'none',
  configuration: { rules: { fragmentation: 'off', 'small-receptive-field': 'off' } },
})
const withPath = (path: string): LintReport => ({ ...report, model: { ...report.model, path, spec: null } })

describe('SARIF', () => {
  it('says what version it is, who made it, and each rule with its level and help', () => {
    const { version, $schema, runs } = logOf(report)
    expect([version, $schema]).toEqual(['2.1.0', 'https://json.schemastore.org/sarif-2.1.0.json'])
    const [run] = runs
    expect(run?.tool.driver).toMatchObject({ name: 'flopgap', version: '1.2.3' })
    const described = run?.tool.driver.rules ?? []
    expect(described.map(({ id }) => id)).toEqual(report.rules.map(({ id }) => id))
    for (const { id, shortDescription, fullDescription, help } of described) {
      for (const text of [shortDescription?.text, fullDescription?.text, help?.text]) expect(text, id).toMatch(/\.$/)
    }
    const levels = Object.fromEntries(described.map(({ id, defaultConfiguration }) => [id, defaultConfiguration]))
    expect(levels['unequal-channel-width']).toEqual({ enabled: true, level: 'note' })
    expect(levels['group-convolution']).toEqual({ enabled: true, level: 'warning' })
    expect(levels['unshuffled-group-convolutions']).toEqual({ enabled: true, level: 'error' })
    expect(levels.fragmentation).toEqual({ enabled: false, level: 'none' })
  })

  it('gives each result what code scanning asks for', () => {
    const [run] = logOf(withPath('/work/models/a b.onnx')).runs
    const [result, ...others] = run?.results ?? []
    expect(others).toEqual([])
    expect(run?.tool.driver.rules?.[result?.ruleIndex ?? -1]?.id).toBe(result?.ruleId)
    expect(result).toMatchObject({ ruleId: 'unequal-channel-width', level: 'note' })
    expect(result?.message.text).toBeTruthy()
    const [location] = result?.locations ?? []
    expect(location?.physicalLocation).toEqual({
      artifactLocation: { uri: 'models/a%20b.onnx', index: 0 },
      region: { startLine: 1 },
    })
    expect(run?.artifacts).toEqual([{ location: { uri: 'models/a%20b.onnx' } }])
    expect(result?.partialFingerprints?.primaryLocationLineHash).toMatch(/^[0-9a-f]{32}$/)
  })

  it('tells a file elsewhere by its whole path, and an architecture by its spec', () => {
    const uri = (one: LintReport) => logOf(one).runs[0]?.artifacts?.[0]?.location?.uri
    expect(uri(withPath('/elsewhere/m.onnx'))).toBe('file:///elsewhere/m.onnx')
    const spec = { ...report.model, path: null, spec: 'mobilenet-v2:width=0.5' }
    expect(uri({ ...report, model: spec })).toBe('mobilenet-v2%3Awidth%3D0.5')
  })

  it('keeps fingerprints where only costs change, and tells layers apart', () => {
    const of = (one: LintReport) => logOf(one).runs[0]?.results?.map((result) => result.partialFingerprints)
    const [finding] = report.findings
    if (finding === undefined) throw new Error('nothing found')
    const dearer = { ...report, findings: [{ ...finding, ms: 5, message: 'more' }] }
    expect(of(dearer)).toEqual(of(report))
    expect(of({ ...report, findings: [{ ...finding, nodes: ['other'] }] })).not.toEqual(of(report))
  })

  it('makes names harmless', () => {
    expect(sarif('1', report, '/')).not.toContain('\\u001b')
    expect(logOf(report).runs[0]?.results?.[0]?.message.text).toContain('\\u{1b}[31mred: ')
  })
})
