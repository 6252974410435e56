import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyzers/analyze.js'
import { layerFigures } from '../../src/analyzers/diff/figure-changes.js'
import { type Analyzed, diff } from '../../src/analyzers/diff.js'
import type { LayerDiff, ModelDiff, ModelNode } from '../../src/types.js'
import { graph, node } from './graph.js'

/** One layer of a chain: `Relu` or `Relu 32`, its operator and the channels it gives. */
type Step = string

interface Writing {
  /** Of the layer at a place. */
  readonly name?: (index: number) => string
  readonly rewrite?: (nodes: ModelNode[]) => ModelNode[]
}

/** A chain of layers over 1x?x4x4 tensors; a Conv has a 1x1 filter. */
function chain(
  steps: readonly Step[],
  { name = (index) => `layer ${index}`, rewrite = (nodes) => nodes }: Writing = {},
) {
  const shapes: Record<string, number[]> = {}
  const weights: Record<string, number[]> = {}
  let channels = 16
  const nodes = steps.map((step, index) => {
    const [op = '', size] = step.split(' ')
    const from = index === 0 ? 'x' : `t${index - 1}`
    const before = channels
    if (size !== undefined) channels = Number(size)
    shapes[`t${index}`] = [1, channels, 4, 4]
    if (op === 'Conv') weights[`w${index}`] = [channels, before, 1, 1]
    const made = node(op, op === 'Conv' ? `${from} w${index}` : from, `t${index}`)
    return { ...made, name: name(index) }
  })
  const outputs = steps.length === 0 ? 'x' : `t${steps.length - 1}`
  const made = graph({ inputs: { x: [1, 16, 4, 4] }, outputs, nodes: rewrite(nodes), shapes, weights })
  return analyzed(made)
}

/** The output is called `y` by all, for its name is a difference of its own. */
function analyzed(made: ReturnType<typeof graph>): Analyzed {
  const last = made.model.outputs[0]?.name ?? ''
  const renamed = (names: readonly string[]) => names.map((name) => (name === last ? 'y' : name))
  const nodes = made.model.nodes.map((node) => ({
    ...node,
    inputs: renamed(node.inputs),
    outputs: renamed(node.outputs),
  }))
  const tensors = new Map([...made.tensors].map(([name, type]) => [name === last ? 'y' : name, type]))
  const model = { ...made.model, nodes, outputs: [{ name: 'y', type: null }] }
  const graph = { ...made, model, tensors }
  return { graph, analysis: analyze(graph) }
}

const block = ['Conv', 'BatchNormalization', 'Relu']
const blocks = (count: number) => Array.from({ length: count }, () => block).flat()
const numbered =
  (offset = 0) =>
  (index: number) =>
    `n${index + offset}`

const listed = ({ layers }: ModelDiff, ...statuses: readonly LayerDiff['status'][]) =>
  layers.filter(({ status }) => statuses.includes(status))
const nameOf = ({ before, after }: LayerDiff) => (after ?? before)?.name

const steps = fc.array(fc.constantFrom('Conv', 'Conv 8', 'Conv 32', 'Relu', 'Sigmoid', 'Floor'), {
  minLength: 1,
  maxLength: 24,
})
const namings = fc.constantFrom<Writing>({}, { name: () => '' }, { name: numbered() }, { name: numbered(3) })
const models = fc.tuple(steps, namings).map(([steps, writing]) => chain(steps, writing))

describe('laws', () => {
  it('nothing differs between a model and itself', () => {
    fc.assert(
      fc.property(models, (model) => {
        const { equal, counts, layers, totals, interface: ends } = diff(model, model)
        expect([equal, counts.unchanged, ends]).toEqual([true, layers.length, []])
        for (const { before, after, change } of Object.values(totals)) expect([after, change]).toEqual([before, 0])
      }),
    )
  })

  it('the other way round, what was added is removed and each change is its opposite', () => {
    fc.assert(
      fc.property(models, models, (a, b) => {
        const [there, back] = [diff(a, b), diff(b, a)]
        const opposite = { added: 'removed', removed: 'added' } as Record<string, string>
        const texts = (diff: ModelDiff, turn: (layer: LayerDiff) => unknown[]) =>
          diff.layers.map((layer) => JSON.stringify(turn(layer))).sort()
        expect(
          texts(back, ({ status, before, after, moved }) => [opposite[status] ?? status, after, before, moved]),
        ).toEqual(texts(there, ({ status, before, after, moved }) => [status, before, after, moved]))
        for (const figure of ['macs', 'params', 'nodes'] as const) {
          expect(back.totals[figure].change).toBe(0 - (there.totals[figure].change ?? Number.NaN))
        }
      }),
    )
  })

  it('changes of layers add up to the changes of the totals', () => {
    fc.assert(
      fc.property(models, models, (a, b) => {
        const { layers, totals } = diff(a, b)
        for (const figure of layerFigures) {
          expect(layers.reduce((sum, { change }) => sum + (change[figure] ?? Number.NaN), 0)).toBe(
            totals[figure].change,
          )
        }
      }),
    )
  })

  it('changes of operators add up to the changes of the totals', () => {
    fc.assert(
      fc.property(models, models, (a, b) => {
        const { byOp, totals } = diff(a, b)
        for (const figure of ['nodes', 'macs', 'flops', 'params', 'readBytes', 'writeBytes'] as const) {
          expect(byOp.reduce((sum, op) => sum + (op[figure].change ?? Number.NaN), 0)).toBe(totals[figure].change)
        }
      }),
    )
  })

  it('each layer of either model is in the list once, the second in its order', () => {
    fc.assert(
      fc.property(models, models, (a, b) => {
        const { layers } = diff(a, b)
        expect(layers.flatMap(({ after }) => (after === null ? [] : [after]))).toEqual(b.analysis.layers)
        const before = layers.flatMap(({ before }) => (before === null ? [] : [before]))
        expect(new Set(before)).toEqual(new Set(a.analysis.layers))
        expect(before.length).toBe(a.analysis.layers.length)
      }),
    )
  })

  it('names are no difference', () => {
    fc.assert(
      fc.property(steps, namings, namings, (steps, first, second) => {
        const { equal, counts } = diff(chain(steps, first), chain(steps, second))
        expect(equal).toBe(true)
        expect(counts).toMatchObject({ added: 0, removed: 0, changed: 0, moved: 0 })
      }),
    )
  })

  it.each([
    [
      'keeps its names',
      (at: number) => (index: number) => (index < at ? `n${index}` : index === at ? 'new' : `n${index - 1}`),
    ],
    ['is numbered anew', () => numbered()],
    ['has no names', () => () => ''],
  ])('a layer put anywhere into a chain that %s is one layer added', (_, naming) => {
    fc.assert(
      fc.property(steps, fc.nat(), (steps, place) => {
        const at = place % (steps.length + 1)
        const longer = [...steps.slice(0, at), 'Erf', ...steps.slice(at)]
        const { counts, layers } = diff(chain(steps, { name: numbered() }), chain(longer, { name: naming(at) }))
        expect(counts).toMatchObject({ added: 1, removed: 0, changed: 0, moved: 0 })
        expect(layers[at]).toMatchObject({ status: 'added', after: { op: 'Erf' } })
      }),
    )
  })
})

describe('alignment', () => {
  it.each([
    ['with names', {}],
    ['without names', { name: () => '' }],
  ])('is one to one where every width changes, %s', (_, writing) => {
    const wide = blocks(6).map((step) => (step === 'Conv' ? 'Conv 64' : step))
    const narrow = wide.map((step) => step.replace('64', '16'))
    const { counts } = diff(chain(wide, writing), chain(narrow, writing))
    expect(counts).toMatchObject({ changed: 18, added: 0, removed: 0 })
  })

  it('is one to one where every width changes and a block is added in front', () => {
    const wide = blocks(6).map((step) => (step === 'Conv' ? 'Conv 64' : step))
    const narrow = [...block, ...wide].map((step) => step.replace('64', '16').replace(/^Conv$/, 'Conv 16'))
    const { counts } = diff(chain(wide, { name: numbered() }), chain(narrow, { name: numbered() }))
    expect(counts).toMatchObject({ changed: 18, added: 3, removed: 0 })
  })

  it('finds one block of equal ones that is repeated once more', () => {
    const { counts, layers } = diff(chain(blocks(5), { name: () => '' }), chain(blocks(6), { name: () => '' }))
    expect(counts).toMatchObject({ added: 3, removed: 0, changed: 0 })
    expect(
      layers
        .filter(({ status }) => status === 'added')
        .map(({ after }) => after?.op)
        .sort(),
    ).toEqual([...block].sort())
  })

  it('keeps to names that persons gave where a layer before them was replaced', () => {
    const name = (index: number) => ['first', 'second', 'third'][index] ?? ''
    const found = diff(chain(['Relu', 'Conv', 'Relu'], { name }), chain(['Sigmoid', 'Conv', 'Relu'], { name }))
    expect(listed(found, 'added', 'removed').map((layer) => [layer.status, nameOf(layer)])).toEqual([
      ['removed', 'first'],
      ['added', 'first'],
    ])
    expect(found.counts.unchanged).toBe(2)
  })

  it('goes by names where widths of one model are by chance those of other layers of the other', () => {
    // the last of the narrow ones has the 16 · 32 weights of the second of the wide ones
    const name = (index: number) => ['first', 'second', 'third'][index] ?? ''
    const wide = chain(['Conv 16', 'Conv 32', 'Conv 64'], { name })
    const narrow = chain(['Conv 8', 'Conv 16', 'Conv 32'], { name })
    expect(diff(wide, narrow).counts).toMatchObject({ changed: 3, added: 0, removed: 0 })
  })

  it('goes by equal layers where numbers are those of other layers', () => {
    const widths = (...sizes: number[]) => sizes.flatMap((size) => [`Conv ${size}`, 'Relu'])
    const before = chain(widths(32, 64, 128, 256), { name: numbered() })
    const after = chain(widths(16, 32, 64, 128), { name: numbered() })
    expect(diff(before, after).counts).toMatchObject({ renamed: 6, changed: 0, added: 2, removed: 2 })
  })

  it('goes by operators where no name says anything and an equal layer is far off', () => {
    // only the last Relu of the first and the first of the second are equal
    const before = ['Conv 32', 'Relu', 'Conv 32', 'Sigmoid', 'Conv 16', 'Relu']
    const after = ['Conv 16', 'Relu', 'Conv 64', 'Sigmoid', 'Conv 64', 'Relu']
    const found = diff(chain(before, { name: numbered() }), chain(after, { name: numbered(10) }))
    expect(found.counts).toMatchObject({ changed: 6, added: 0, removed: 0 })
  })

  it('finds layers that stand elsewhere in the file', () => {
    const swapped = (nodes: ModelNode[]) => [...nodes.slice(0, 2), nodes[3], nodes[2], ...nodes.slice(4)] as ModelNode[]
    // two branches of one tensor and their sum: x → a → b, x → c → d, b + d
    const branches = (rewrite: (nodes: ModelNode[]) => ModelNode[]) =>
      analyzed(
        graph({
          inputs: { x: [1, 16, 4, 4] },
          outputs: 'y',
          nodes: rewrite([
            node('Relu', 'x', 'a'),
            node('Sigmoid', 'x', 'c'),
            node('Tanh', 'a', 'b'),
            node('Erf', 'c', 'd'),
            node('Add', 'b d', 'y'),
          ]),
          shapes: Object.fromEntries([...'abcdy'].map((name) => [name, [1, 16, 4, 4]])),
        }),
      )
    const found = diff(
      branches((nodes) => nodes),
      branches(swapped),
    )
    expect(found.counts).toEqual({ unchanged: 5, renamed: 0, changed: 0, added: 0, removed: 0, moved: 1 })
    expect(found.equal).toBe(true)
  })

  it('aligns 10,000 layers with one that was put in', () => {
    const long = Array.from({ length: 10_000 }, (_, index) => ['Relu', 'Sigmoid', 'Tanh'][index % 3] ?? '')
    const found = diff(chain(long, { name: numbered() }), chain(['Erf', ...long], { name: numbered() }))
    expect(found.counts).toEqual({ unchanged: 0, renamed: 10_000, changed: 0, added: 1, removed: 0, moved: 0 })
  })

  it('ends with 6,000 layers that have nothing to do with each other', () => {
    const mixed = (seed: number) =>
      fc.sample(
        fc.array(fc.constantFrom('Relu', 'Sigmoid', 'Tanh', 'Erf'), {
          minLength: 6_000,
          maxLength: 6_000,
          size: 'max',
        }),
        { seed, numRuns: 1 },
      )[0] ?? []
    const found = diff(chain(mixed(1), { name: () => '' }), chain(mixed(2), { name: () => '' }))
    const { counts, layers } = found
    expect(counts.unchanged + counts.renamed + counts.changed + counts.added).toBe(6_000)
    expect(counts.added).toBe(counts.removed)
    expect(layers.length).toBe(6_000 + counts.removed)
  })
})

describe('a changed layer', () => {
  const withAttributes = (attributes: ModelNode['attributes']) =>
    chain(['Relu', 'Conv', 'Relu'], {
      rewrite: (nodes) => nodes.map((node) => (node.op === 'Conv' ? { ...node, attributes } : node)),
    })

  it('names the attributes that differ', () => {
    const found = diff(
      withAttributes({ dilations: { type: 'ints', value: [2, 2] }, auto_pad: { type: 'string', value: 'SAME_UPPER' } }),
      withAttributes({ dilations: { type: 'ints', value: [3, 3] } }),
    )
    expect(listed(found, 'changed').map(({ differences }) => differences)).toEqual([
      [
        { kind: 'setting', name: 'auto_pad', before: 'SAME_UPPER', after: null },
        { kind: 'setting', name: 'dilations', before: '2,2', after: '3,3' },
      ],
    ])
    expect(found.counts).toMatchObject({ changed: 1, unchanged: 2, added: 0, removed: 0 })
  })

  it('is none where an attribute says what its absence does', () => {
    const said = withAttributes({
      group: { type: 'int', value: 1 },
      strides: { type: 'ints', value: [1, 1] },
      pads: { type: 'ints', value: [0, 0, 0, 0] },
      auto_pad: { type: 'string', value: 'NOTSET' },
    })
    expect(diff(said, withAttributes({})).equal).toBe(true)
  })

  it('has figures that differ: half the filters are half of all', () => {
    // the filter is 16 · 64 or 16 · 32 elements, over 4 · 4 places
    const found = diff(chain(['Conv 64']), chain(['Conv 32']))
    expect(found.layers[0]?.change).toMatchObject({ macs: -16 * 32 * 16, params: -16 * 32, writeBytes: -4 * 32 * 16 })
    expect(found.totals.params).toEqual({ before: 1024, after: 512, change: -512, relative: -0.5 })
    expect(found.layers[0]?.differences).toEqual([
      { kind: 'output', name: 'output', before: '1x64x4x4', after: '1x32x4x4' },
    ])
  })

  /** x → a, x → b, a and b into the last. */
  const joined = (op: string, inputs: string) =>
    analyzed(
      graph({
        inputs: { x: [1, 16, 4, 4] },
        outputs: 'y',
        nodes: [node('Relu', 'x', 'a'), node('Sigmoid', 'x', 'b'), node(op, inputs, 'y')],
        shapes: { a: [1, 16, 4, 4], b: [1, 16, 4, 4], y: [1, 16, 4, 4] },
      }),
    )

  it('is one whose inputs come from other layers', () => {
    const found = diff(joined('Sub', 'a b'), joined('Sub', 'b a'))
    expect(found.equal).toBe(false)
    expect(listed(found, 'changed').map(({ differences }) => differences)).toEqual([
      [
        { kind: 'input', name: 'input 0', before: 'a', after: 'b' },
        { kind: 'input', name: 'input 1', before: 'b', after: 'a' },
      ],
    ])
    expect(diff(joined('Sub', 'a b'), joined('Sub', 'a a')).counts.changed).toBe(1)
  })

  it('is none where the order of a sum does', () => {
    expect(diff(joined('Add', 'a b'), joined('Add', 'b a')).equal).toBe(true)
    expect(diff(joined('Add', 'a b'), joined('Add', 'a a')).equal).toBe(false)
  })
})

describe('the models themselves', () => {
  it('differ in opset, inputs and outputs', () => {
    const model = chain(['Relu'])
    const { graph: made, analysis } = model
    const other = { ...made, model: { ...made.model, opsets: { '': 13, 'com.microsoft': 1 } } }
    const found = diff(model, { graph: other, analysis })
    expect(found.interface).toEqual([
      { kind: 'opset', name: 'ai.onnx', before: '17', after: '13' },
      { kind: 'opset', name: 'com.microsoft', before: null, after: '1' },
    ])
    expect([found.equal, found.counts.unchanged]).toEqual([false, 1])
  })

  it('differ where another layer makes the output', () => {
    const ends = (outputs: string) => {
      const made = graph({
        inputs: { x: [1, 16, 4, 4] },
        outputs: 'y',
        nodes:
          outputs === 'first'
            ? [node('Relu', 'x', 'y'), node('Erf', 'x', 'z')]
            : [node('Relu', 'x', 'z'), node('Erf', 'x', 'y')],
        shapes: { y: [1, 16, 4, 4], z: [1, 16, 4, 4] },
      })
      return { graph: made, analysis: analyze(made) }
    }
    expect(diff(ends('first'), ends('second')).equal).toBe(false)
    expect(diff(ends('first'), ends('second')).interface).toMatchObject([{ kind: 'output', name: 'y' }])
  })

  it('keeps apart what is not known and what is nothing', () => {
    const unknown = chain(['Relu', 'Mystery'])
    const found = diff(chain(['Relu', 'Erf']), unknown)
    expect(found.layers.find(({ status }) => status === 'added')?.change.macs).toBeNull()
    expect(found.byOp.find(({ op }) => op === 'Mystery')?.macs).toMatchObject({ before: 0, after: null, change: null })
    expect(found.warnings.map(({ code }) => code)).toEqual(['uncounted'])
  })
})
