import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { bash, type Ran, type Variables } from './shell.js'

/** So much of GitHub's runner as the workflows here need: steps one by one, expressions, outputs and conditions. */

interface Step {
  readonly id?: string
  readonly name?: string
  readonly uses?: string
  readonly if?: string
  readonly run?: string
  readonly shell?: string
  readonly with?: Readonly<Record<string, string | number>>
  readonly env?: Readonly<Record<string, string | number>>
  readonly 'continue-on-error'?: boolean
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description: string }>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly using: string; readonly steps: readonly Step[] }
}

export interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly env?: Variables }>>
}

export const action: Action = parse(readFileSync(fileURLToPath(new URL('../../action.yml', import.meta.url)), 'utf8'))

/** What expressions see: `runner.temp`, `inputs.model`, `steps.gate.outputs.report` and the like. */
type Context = Readonly<Record<string, string>>

function evaluated(text: string | number, context: Context): string {
  return String(text).replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    if (!Object.hasOwn(context, expression)) throw new Error(`nothing is known of ${expression}`)
    return context[expression] ?? ''
  })
}

interface StepResult extends Ran {
  readonly step: string
}

export interface JobResult {
  readonly results: readonly StepResult[]
  readonly failed: boolean
  readonly context: Context
  readonly summary: string
}

/** Where steps run, and what the runner sets. */
export interface Place {
  readonly workspace: string
  readonly temporary: string
  readonly variables: Variables
  /** What `if` is, by its text. */
  readonly conditions: Readonly<Record<string, boolean>>
}

/** Runs steps in order; after one fails only those that say so. */
export function runSteps(steps: readonly Step[], given: Context, place: Place): JobResult {
  let context = given
  let [failed, summary] = [false, '']
  const results: StepResult[] = []
  for (const [index, step] of steps.entries()) {
    if (!wanted(step, failed, place)) continue
    const env = Object.fromEntries(
      Object.entries(step.env ?? {}).map(([key, value]) => [key, evaluated(value, context)]),
    )
    if (step.uses?.includes('/flopgap@')) {
      const inner = runAction(step, context, { ...place, variables: { ...place.variables, ...env } })
      results.push(...inner.results)
      context = { ...context, ...outputsOf(step, inner) }
      summary += inner.summary
      failed ||= inner.failed
      continue
    }
    for (const value of Object.values(step.with ?? {})) evaluated(value, context)
    if (step.run === undefined) continue
    const files = Object.fromEntries(
      ['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'].map((name) => [name, join(place.temporary, `${name}-${index}`)]),
    )
    for (const file of Object.values(files)) writeFileSync(file, '')
    const ran = bash(evaluated(step.run, context), place.workspace, { ...place.variables, ...env, ...files })
    results.push({ ...ran, step: step.name ?? step.run })
    summary += read(files.GITHUB_STEP_SUMMARY)
    context = { ...context, ...written(step, read(files.GITHUB_OUTPUT)) }
    failed ||= ran.code !== 0 && step['continue-on-error'] !== true
  }
  return { results, failed, context, summary }
}

const read = (path = ''): string => (existsSync(path) ? readFileSync(path, 'utf8') : '')

function wanted({ if: condition, name }: Step, failed: boolean, { conditions }: Place): boolean {
  if (condition === undefined) return !failed
  const known = conditions[condition.replace(/^\$\{\{ | \}\}$/g, '')]
  if (known === undefined) throw new Error(`nothing says whether ${name} runs: ${condition}`)
  return known
}

const written = ({ id }: Step, text: string): Context =>
  Object.fromEntries(
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(/=(.*)/s))
      .map(([key, value = '']) => [`steps.${id}.outputs.${key}`, value]),
  )

/** @throws Error where the action has no such input, as GitHub only warns of */
function runAction(step: Step, outer: Context, place: Place): JobResult {
  const given = step.with ?? {}
  const unknown = Object.keys(given).filter((key) => !Object.hasOwn(action.inputs, key))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown}`)
  const inputs = Object.entries(action.inputs).map(([key, input]) => [
    `inputs.${key}`,
    evaluated(given[key] ?? input.default ?? '', outer),
  ])
  return runSteps(action.runs.steps, { 'runner.temp': place.temporary, ...Object.fromEntries(inputs) }, place)
}

const outputsOf = ({ id }: Step, { context }: JobResult): Context =>
  Object.fromEntries(
    Object.entries(action.outputs).map(([key, { value }]) => [`steps.${id}.outputs.${key}`, evaluated(value, context)]),
  )

export const logOf = ({ results }: JobResult): string => results.map(({ log }) => log).join('')

/** The commands that GitHub's runner obeys: none between `stop-commands` and its token, however far they are indented. */
export function obeyed(log: string): string[] {
  let token: string | null = null
  return log.split('\n').filter((line) => {
    const [, stop] = /^\s*::stop-commands::(.*)$/.exec(line) ?? []
    if (stop !== undefined) token = stop
    else if (token !== null && line.trim() === `::${token}::`) token = null
    else return token === null && line.trimStart().startsWith('::')
    return false
  })
}
