import type { Comparison, EnvironmentComparison, Warning } from '../types.js'
import { figures } from './comparison-figures.js'
import { visible } from './format.js'
import { correlation, misordered } from './macs-order.js'
import { indent, type Page, paragraphs, warningLines } from './page.js'
import { tradeOffs } from './trade-off.js'
import { wrapped } from './wrap.js'

/** A comparison for a terminal: figures of each model, how well MACs order them, and where they do not. */
export const comparisonText = (result: Comparison, page: Page, { all }: { all: boolean }): string =>
  paragraphs([
    ...result.environments.flatMap((environment) => section(result, environment, page, all)),
    published(result, page),
    ...warningLines(warnings(result), page),
    page.paint.dim(wrapped(more(all), page.width)),
  ])

const more = (all: boolean): string =>
  `${all ? '' : 'Every pair in the wrong order: --all. '}Everything there is: --format json.`

function section(result: Comparison, environment: EnvironmentComparison, page: Page, all: boolean): string[] {
  const { fingerprint } = environment
  const models = result.models.filter((model) => model.fingerprint === fingerprint)
  const pairs = result.pairs.filter((pair) => pair.fingerprint === fingerprint)
  const measured = { models, pairs, reference: result.reference }
  return [
    heading(models.length, result.reference, environment, page),
    ...figures(measured, page),
    ...tradeOffs(measured, page),
    correlation(environment, page),
    misordered(environment, page, all),
  ]
}

function heading(
  count: number,
  reference: string,
  { environment }: EnvironmentComparison,
  { paint, width }: Page,
): string {
  const { provider, threads, onnxruntime, cpu } = environment
  const models = count === 1 ? '1 model' : `${count} models`
  const where = `${provider}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, onnxruntime ${onnxruntime}, ${cpu}`
  return `${paint.bold(models)} against ${paint.bold(visible(reference))}\n${wrapped(visible(where), width)}`
}

/** Latencies as papers give them, each with its device and source; once, wherever a model was measured. */
function published({ models }: Comparison, page: Page): string {
  const said = new Map(
    models.flatMap(({ label, published }) => (published?.latency ? [[label, published.latency]] : [])),
  )
  if (said.size === 0) return ''
  const lines = [...said].map(([label, latency]) => wrapped(visible(`${label}: ${latency}`), page.width - 2))
  return indent([page.paint.dim('Published latencies'), ...lines].join('\n'))
}

function warnings({ failed, missing, models }: Comparison): Warning[] {
  const some: Warning[] = failed.map(({ model, code, message }) => ({
    code,
    message: `${model} could not be measured: ${message}`,
    hint: null,
  }))
  if (missing.length > 0) {
    some.push({
      code: 'incomplete',
      message: `not measured yet: ${missing.join(', ')}`,
      hint: 'Run the same command with --resume, or flopgap merge the results of all shards.',
    })
  }
  const partly = models.filter(({ coverage }) => coverage.uncounted > 0)
  if (partly.length > 0) {
    const message = `MACs are counted only in part: ${[...new Set(partly.map(({ label }) => label))].join(', ')}`
    some.push({ code: 'uncounted', message, hint: 'flopgap analyze names the operators without a rule.' })
  }
  return some
}
