import { describe, expect, it } from 'vitest'
import { readGate } from '../../src/pipeline/saved-gate.js'
import { json } from '../../src/report/json.js'
import type { GateReport } from '../../src/types.js'
import { put, temporaryFolder } from '../onnx/files.js'
import { hostile, report, unjudged, withName } from '../report/gate/reports.js'

const folder = temporaryFolder()

describe('a saved report of the gate', () => {
  const reports: [string, GateReport][] = [
    ['that failed', report()],
    ['that could not judge', unjudged],
    ...Object.entries(hostile).map(([kind, name]): [string, GateReport] => [kind, withName(name)]),
  ]

  it.each(reports)('is read back as it was: %s', (_, one) => {
    expect(readGate(put(folder, 'gate.json', json('1.2.3', one)))).toEqual(one)
  })

  it.each([
    ['another report', '{"schemaVersion": 1, "totals": {}}'],
    ['a verdict there is not', json('1', { ...report(), verdict: 'perhaps' })],
    ['a check without a verdict', json('1', { ...report(), checks: [{ model: 'x' }] })],
    ['no JSON', 'gate'],
  ])('is refused: %s', (_, text) => {
    expect(() => readGate(put(folder, 'bad.json', text))).toThrow(expect.objectContaining({ code: 'bad-replay' }))
  })
})
