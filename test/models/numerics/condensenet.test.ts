import { expect, test } from 'vitest'
import { select } from '../../../src/models/learned-group-conv.js'
import { build } from '../../../src/models/spec.js'
import { analyzeModel } from '../../../src/pipeline/analyze.js'
import type { Model } from '../../../src/types.js'
import { difference, inputOf, integersOf, outputOf, weightOf, withWeights } from '../run.js'

/** Some columns of a matrix of so many, in the order given. */
const columnsOf = (matrix: Float32Array, width: number, columns: readonly number[]): Float32Array =>
  Float32Array.from({ length: (matrix.length / width) * columns.length }, (_, i) => {
    const row = Math.floor(i / columns.length)
    return matrix[row * width + (columns[i % columns.length] ?? 0)] ?? Number.NaN
  })

/**
 * The weights of a converted network that make it the training one: as the authors' `CondensingConv` takes them over,
 * filter k of group i from filter i + k · G, and only the inputs that the group keeps.
 */
function converted(training: Model, target: Model, groups: number): Model {
  const values: Record<string, Float32Array> = {}
  for (const { name, data, dims } of target.weights.values()) {
    if (data.kind !== 'generated') continue
    const source = weightOf(training, name)
    const [, layer = '', part = ''] = /^(.*\/reduce|head)\/((?:conv|fc|bn)\.\w+)$/.exec(name) ?? []
    const kept = target.weights.has(`${layer}/gather.index`) ? integersOf(target, `${layer}/gather.index`) : null
    if (kept === null || part === 'fc.bias' || (layer === 'head' && part.startsWith('bn.'))) values[name] = source
    else if (part === 'conv.weight') values[name] = regrouped(source, dims, kept, groups)
    else values[name] = columnsOf(source, source.length / (part === 'fc.weight' ? (dims[0] ?? 1) : 1), kept)
  }
  return withWeights(target, values)
}

function regrouped(source: Float32Array, dims: readonly number[], kept: readonly number[], groups: number) {
  const [out = 0, inGroup = 0] = dims
  const inputs = source.length / out
  const rows = Array.from({ length: out }, (_, row) => {
    const group = Math.floor(row / (out / groups))
    const from = group + (row % (out / groups)) * groups
    const columns = kept.slice(group * inGroup, (group + 1) * inGroup)
    return [...columnsOf(source.subarray(from * inputs, (from + 1) * inputs), inputs, columns)]
  })
  return Float32Array.from(rows.flat())
}

/** The training network whose classifier sees only the features that a converted one keeps. */
function withoutDropped(training: Model, target: Model): Model {
  if (!target.weights.has('head/gather.index')) return training
  const kept = new Set(integersOf(target, 'head/gather.index'))
  const weights = weightOf(training, 'head/fc.weight')
  const width = training.weights.get('head/fc.weight')?.dims[1] ?? 1
  return withWeights(training, { 'head/fc.weight': weights.map((value, i) => (kept.has(i % width) ? value : 0)) })
}

test.each([
  ['condensenet-50:dataset=cifar10', 4],
  ['condensenet-50:dataset=cifar100,groups=8,classifier=half', 8],
  ['condensenet-50:groups=2,condense=8', 2],
  ['condensenet-50:groups=8,condense=2', 8],
  ['condensenet-74:resolution=64', 4],
] as const)('converted %s gives the output of its training form', async (spec, groups) => {
  const target = build(spec)
  const options = spec.replace(/,?classifier=half/, '')
  const training = build(`${options}${options.includes(':') ? ',' : ':'}form=training`)
  const input = inputOf(target)
  const expected = await outputOf(withoutDropped(training, target), input)
  const actual = await outputOf(converted(training, target, groups), input)
  expect(difference(actual, expected)).toBeLessThan(1e-4)
})

test('the mask matters: without it the training form gives another output', async () => {
  const training = build('condensenet-50:form=training')
  const input = inputOf(training)
  const dense = build('condensenet-50:form=training,condense=1')
  expect(difference(await outputOf(training, input), await outputOf(dense, input))).toBeGreaterThan(0.1)
})

test('there is a Gather and a shuffle for each layer, and a Gather for the classifier', () => {
  const ops = (spec: string) => build(spec).nodes.map(({ op }) => op)
  const count = (spec: string, op: string) => ops(spec).filter((found) => found === op).length
  expect(count('condensenet-74', 'Gather')).toBe(37)
  expect(count('condensenet-74', 'Transpose')).toBe(36)
  expect(count('condensenet-74:form=training', 'Gather')).toBe(0)
  expect(count('condensenet-50', 'Gather')).toBe(24)
  expect(build('condensenet-74').weights.get('block1/layer1/reduce/gather.index')).toMatchObject({
    elementType: 'int64',
    dims: [16],
  })
})

test('the groups of a layer, and the layers, keep different inputs', () => {
  const model = build('condensenet-50')
  const groupsOf = (layer: number) => {
    const index = integersOf(model, `block1/layer${layer}/reduce/gather.index`)
    const size = index.length / 4
    return [0, 1, 2, 3].map((group) => index.slice(group * size, (group + 1) * size).join())
  }
  expect(new Set(groupsOf(8)).size).toBe(4)
  expect(groupsOf(7)[0]).not.toBe(groupsOf(8)[0])
})

test('each group keeps its own inputs, once each; some inputs serve several groups and some none', () => {
  const channels = 64
  const groups = [0, 1, 2, 3].map((group) => select(channels, 16, group))
  for (const kept of groups) {
    expect(new Set(kept).size).toBe(16)
    expect(kept.every((index, i) => index < channels && index > (kept[i - 1] ?? -1))).toBe(true)
  }
  const uses = Array.from({ length: channels }, (_, index) => groups.filter((kept) => kept.includes(index)).length)
  expect(Math.max(...uses)).toBeGreaterThan(1)
  expect(Math.min(...uses)).toBe(0)
})

/**
 * The authors' `measure_model` (utils.py): MACs, an operation an element for ReLU, k² for an average pool, and the
 * classifier's bias.
 */
async function authorsFlops(spec: string): Promise<number> {
  const { layers, totals } = await analyzeModel(build(spec))
  const size = (shape: readonly number[] | null | undefined) => (shape ?? []).reduce((product, dim) => product * dim, 1)
  return layers.reduce((sum, { op, outputShape }, i) => {
    if (op === 'Relu' || op === 'Gemm') return sum + size(outputShape)
    if (op === 'AveragePool') return sum + 4 * size(outputShape)
    return op === 'GlobalAveragePool' ? sum + size(layers[i - 1]?.outputShape) : sum
  }, totals.macs)
}

// ShichenLiu/CondenseNet, README.md; exact where the reference has worked it out
test.each([
  ['condensenet-74', '529M', 529328264],
  ['condensenet-74:groups=8', '274M', 274233480],
  ['condensenet-50', '28.6M', 28641834],
  ['condensenet-74:dataset=cifar10', '51.9M', 51897066],
  ['condensenet-86', '65.8M', 65816394],
  ['condensenet-86:dataset=cifar100', '65.9M', 65888484],
  ['condensenet-98', '81.3M', 81263530],
  ['condensenet-110', '98.2M', 98238474],
  ['condensenet-122', '116.7M', 116741226],
  ['condensenet-182', '513M', 512671594],
] as const)("%s has the authors' FLOPs, %s", async (spec, published, exact) => {
  const flops = await authorsFlops(spec)
  expect(flops).toBe(exact)
  const digits = published.includes('.') ? 1 : 0
  expect(`${(flops / 1e6).toFixed(digits)}M`).toBe(published)
})
