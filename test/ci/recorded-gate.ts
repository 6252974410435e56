import { appendFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readGate } from '../../src/pipeline/saved-gate.js'
import { type SurfaceName, surfaces } from '../../src/report/gate/index.js'
import { json } from '../../src/report/json.js'

/**
 * Stands in for `flopgap gate` where steps of CI are tested: it takes the same options, notes them in `GATE_CALLS`, and finds
 * what `GATE_RECORD` holds, since what is measured differs from run to run. Without a record it dies before it can write one.
 */
const { values, positionals } = parseArgs({
  args: process.argv.slice(2),
  allowPositionals: true,
  options: {
    format: { type: 'string' },
    output: { type: 'string', short: 'o' },
    replay: { type: 'string' },
    against: { type: 'string' },
    baseline: { type: 'string' },
    config: { type: 'string' },
    threshold: { type: 'string' },
    'max-time': { type: 'string' },
    strict: { type: 'boolean' },
    'expect-fail': { type: 'boolean' },
  },
})
const { GATE_RECORD: record, GATE_CALLS: calls = '' } = process.env
appendFileSync(calls, `${JSON.stringify({ ...values, positionals })}\n`)

const codes = { passed: 0, improved: 0, regressed: 1, inconclusive: 0, error: 3 }

// as a name in a model may
process.stderr.write('  ::error::a name that looks like a command\n')

if (record === undefined) {
  process.exitCode = 3
} else {
  const report = readGate(values.replay ?? record)
  const { format = values.output?.endsWith('.json') ? 'json' : 'table', output } = values
  const table = `${report.checks.map(({ message }) => message).join('\n')}\n`
  const text =
    format === 'json'
      ? json('0.1.0', report)
      : format === 'table'
        ? table
        : (await surfaces[format as SurfaceName]())(report)
  if (output === undefined) process.stdout.write(text)
  else writeFileSync(output, text)
  process.stderr.write(`verdict: ${report.verdict}\n`)
  process.exitCode = report.strict && report.verdict === 'inconclusive' ? 4 : codes[report.verdict]
}
