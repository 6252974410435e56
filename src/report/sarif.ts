import { createHash } from 'node:crypto'
import { isAbsolute, relative, sep } from 'node:path'
import type { Log, ReportingDescriptor, Result } from 'sarif'
import type { Finding, LintReport, RuleOutcome } from '../types.js'
import { visible } from './format.js'

/**
 * What lint found as SARIF 2.1.0, with what GitHub's code scanning asks for: each result has a place in a file, though a
 * model has no lines, and a fingerprint that stays when other findings come and go.
 *
 * @param folder that paths are told from, as the repository's root
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarif(toolVersion: string, report: LintReport, folder: string): string {
  const uri = uriOf(report, folder)
  const ids = report.rules.map(({ id }) => id)
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'flopgap',
            version: toolVersion,
            rules: report.rules.map(descriptor),
          },
        },
        artifacts: [{ location: { uri } }],
        results: report.findings.map((finding) => resultOf(finding, ids.indexOf(finding.rule), uri)),
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

const levels = { info: 'note', warning: 'warning', error: 'error' } as const

function descriptor({ id, configured, summary, source }: RuleOutcome): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: `${summary} Source: ${source}.` },
    help: { text: `${summary} Source: ${source}. docs/rules/${id}.md says why and what to do.` },
    defaultConfiguration:
      configured === 'off' ? { enabled: false, level: 'none' } : { enabled: true, level: levels[configured] },
    properties: { tags: ['performance'] },
  }
}

function resultOf(finding: Finding, ruleIndex: number, uri: string): Result {
  const { rule, level, nodes, message, macs, bytes, params, ms, share, basis } = finding
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[level],
    message: { text: visible(`${nodes[0] ?? 'model'}: ${message}. ${finding.try}`) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri, index: 0 }, region: { startLine: 1 } },
        logicalLocations: nodes.map((name) => ({ name: visible(name), kind: 'element' })),
      },
    ],
    partialFingerprints: { primaryLocationLineHash: fingerprint(finding) },
    properties: { macs, bytes, params, ms, share, basis },
  }
}

/** Of the rule and the layers, which stay the same while costs change. */
const fingerprint = ({ rule, nodes }: Finding): string =>
  createHash('sha256')
    .update(JSON.stringify([rule, nodes]))
    .digest('hex')
    .slice(0, 32)

/** The model's file, from the folder where it lies inside it; an architecture has none and stands by its spec. */
function uriOf({ model: { path, spec, name } }: LintReport, folder: string): string {
  if (path === null) return encodeURIComponent(spec ?? name)
  const inside = relative(folder, path)
  const isInside = inside !== '' && !inside.startsWith('..') && !isAbsolute(inside)
  const parts = (isInside ? inside : path).split(sep).map(encodeURIComponent).join('/')
  return isInside ? parts : `file://${parts.startsWith('/') ? '' : '/'}${parts}`
}
