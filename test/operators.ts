import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { OpRule } from '../src/analyzers/ops/rule.js'
import { newestOpset } from './analyzers/ops/ai-onnx.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'src/analyzers/ops')

export const operatorsPage = join(root, 'docs/operators.md')

/** Rules of the operator families, by the file that holds them. */
async function families(): Promise<Map<string, OpRule[]>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const found = new Map<string, OpRule[]>()
  for (const file of files.filter((file) => !/(^|\/)(index|rare|rule)\.ts$/.test(file)).sort()) {
    const module: Record<string, unknown> = await import(join(folder, file))
    const rules = Object.values(module).filter(Array.isArray).flat() as OpRule[]
    if (rules.length > 0) found.set(file.replace('.ts', ''), rules)
  }
  return found
}

const onnxruntimeSource = 'https://github.com/microsoft/onnxruntime/blob/main'

/** Where onnxruntime defines an operator that neither ai.onnx's pages nor ContribOperators.md describe. */
const definitions: Readonly<Record<string, string>> = {
  ':SimplifiedLayerNormalization': 'onnxruntime/core/graph/contrib_ops/contrib_defs.cc',
  ':MemcpyFromHost': 'onnxruntime/core/session/environment.cc',
  ':MemcpyToHost': 'onnxruntime/core/session/environment.cc',
  'com.microsoft:QLinearConvTranspose': 'onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc',
  'com.microsoft.nchwc': 'onnxruntime/core/graph/contrib_ops/nchwc_schema_defs.cc',
  'com.ms.internal.nhwc': 'onnxruntime/core/graph/contrib_ops/internal_nhwc_onnx_schemas.cc',
  legacy: 'onnxruntime/core/graph/contrib_ops/onnx_deprecated_operators.cc',
}

export function sourceOf(family: string, domain: string, op: string): string {
  const definition = definitions[`${domain}:${op}`] ?? definitions[domain] ?? definitions[family]
  if (definition !== undefined) return `${onnxruntimeSource}/${definition}`
  if (domain === '') return `https://onnx.ai/onnx/operators/onnx__${op}.html`
  return `${onnxruntimeSource}/docs/ContribOperators.md#${domain}.${op}`
}

/** Operators of onnxruntime that are left uncounted, and what about them shapes and attributes do not tell. */
export const untold: Readonly<Record<string, string>> = {
  AttnLSTM: 'attention over a memory within each step of an LSTM; no rule is written yet',
  BifurcationDetector: 'searches tokens until it finds',
  DecoderAttention: 'inputs’ values say whether keys are projected or taken from the cache',
  'DequantizeBFP, QuantizeBFP': 'how elements share an exponent is the provider’s, by a number',
  DynamicTimeWarping: 'its cheapest path is as long as the costs make it',
  'EPContext, Snpe': 'a network compiled for one provider',
  'LongformerAttention, QOrderedLongformerAttention': 'how many tokens attend globally is data',
  MurmurHash3: 'a hash, whose length for texts is data',
  SparseAttention: 'which blocks are attended is data',
  SparseToDenseMatMul: 'how many elements are not zero is data',
  WordConvEmbedding: 'words are as long as the data make them',
}

/** Nodes with graphs inside: they cost what these cost, src/analyzers/cost.ts. */
const hosts: Readonly<Record<string, string>> = {
  If: 'the branch that a constant or a size chooses; else the dearer one, with a warning',
  Loop: 'its body times the trip count, where that is known before the run and the condition does not end it; else one iteration, with a warning',
  Scan: 'its body times the length of what it scans; one iteration where that depends on data, with a warning',
  SequenceMap: 'one element, with a warning: the length of a sequence is data',
  'com.microsoft: BeamSearch, GreedySearch, Sampling, WhisperBeamSearch': 'each of its graphs once, with a warning',
  'functions that a model brings along': 'at each call, what its nodes cost on the tensors of the call',
}

const cell = (text: string) => text.replaceAll('|', '\\|')

function stateOf({ cost, formula }: OpRule): string {
  if (cost === 'free') return 'free'
  return formula.startsWith('not known') ? 'uncounted' : 'counted'
}

const row = (family: string, rule: OpRule, op: string) =>
  `| [${rule.domain || 'ai.onnx'}/${op}](${sourceOf(family, rule.domain, op)}) | ${stateOf(rule)} | ${cell(rule.formula)} |`

function section(family: string, rules: readonly OpRule[]): string {
  const rows = rules
    .flatMap((rule) => rule.ops.map((op) => ({ rule, op })))
    .sort((a, b) => compare(`${a.rule.domain} ${a.op}`, `${b.rule.domain} ${b.op}`))
    .map(({ rule, op }) => row(family, rule, op))
  const title = family.replace('contrib/', '').replaceAll('-', ' ')
  const name = `${title.charAt(0).toUpperCase()}${title.slice(1)}`
  return [`### ${name}`, '', '| operator | state | what it costs |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

const onnxruntimeVersion = (): string => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return lock.packages['node_modules/onnxruntime-node'].version
}

/** docs/operators.md: every operator that has a rule. */
export async function operatorsText(): Promise<string> {
  const all = [...(await families())]
  const count = all.flatMap(([, rules]) => rules.flatMap(({ ops }) => ops)).length
  const [added, standard] = [true, false].map((isContrib) =>
    all.filter(([family]) => family.startsWith('contrib/') === isContrib).map((entry) => section(...entry)),
  )
  return `${[
    '# Operators: what each is counted as',
    '',
    '<!-- written by npm run docs from the rules in src/analyzers/ops -->',
    '',
    `${count} operators have a rule, as of opset ${newestOpset} of ai.onnx and onnxruntime ${onnxruntimeVersion()}. Any other is`,
    'reported as uncounted, never as zero.',
    '',
    'Letters are those of each operator’s specification, which its name links to; |x| is the number of elements of x. FLOPs',
    'are those beyond the two of each MAC. `free` operators do no arithmetic: they move elements or rename them. Integers',
    'count as floats do.',
    '',
    '## Of ai.onnx',
    '',
    ...(standard ?? []),
    '### Graphs inside nodes',
    '',
    '| operator | what it costs |',
    '| --- | --- |',
    ...Object.entries(hosts).map(([op, what]) => `| ${op} | ${cell(what)} |`),
    '',
    '## That onnxruntime adds',
    '',
    'What is fused costs the sum of its parts. Attention is counted by shapes: keys that a mask, a causal order or a window',
    'hides, and cache not filled yet, are not discounted.',
    '',
    ...(added ?? []),
    '### Without a rule',
    '',
    '| operator of com.microsoft | why |',
    '| --- | --- |',
    ...Object.entries(untold).map(([op, why]) => `| ${op} | ${cell(why)} |`),
  ].join('\n')}\n`
}
