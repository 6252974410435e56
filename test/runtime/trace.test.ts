import { describe, expect, it } from 'vitest'
import { readTrace } from '../../src/runtime/trace.js'

interface Times {
  readonly ts: number
  readonly dur: number
}

const run = ({ ts, dur }: Times) => ({ cat: 'Session', pid: 1, tid: 1, ph: 'X', name: 'model_run', ts, dur, args: {} })

const kernel = (name: string, { ts, dur }: Times, args: Record<string, unknown> = {}) => ({
  cat: 'Node',
  pid: 1,
  tid: 1,
  ph: 'X',
  name: `${name}_kernel_time`,
  ts,
  dur,
  args: { op_name: 'Relu', node_index: '0', provider: 'CPUExecutionProvider', ...args },
})

/** Events of a session that began before the runs, in the order in which onnxruntime writes them: a run after its kernels. */
const profile = (...events: readonly unknown[]) =>
  JSON.stringify([
    { cat: 'Session', pid: 1, tid: 1, ph: 'X', name: 'model_loading_uri', ts: 2, dur: 2000, args: {} },
    { cat: 'Session', pid: 1, tid: 1, ph: 'X', name: 'session_initialization', ts: 2002, dur: 8000, args: {} },
    ...events,
  ])

describe('a profile', () => {
  it('is read without the runs that warm up', () => {
    const json = profile(
      ...[900, 800, 11, 13, 12].flatMap((dur, index) => {
        const start = 20_000 + 2000 * index
        return [
          kernel('a', { ts: start + 5, dur }),
          { ...kernel('a', { ts: start + 5, dur: 1 }), name: 'a_fence_before' },
          { ...run({ ts: start + 1, dur: dur + 20 }), name: 'SequentialExecutor::Execute' },
          run({ ts: start, dur: dur + 30 }),
        ]
      }),
    )
    const trace = readTrace(json, 2)
    expect(trace.runs).toBe(3)
    // medians of 11, 13, 12 µs and of 41, 43, 42 µs
    expect(trace.kernels.map(({ name, ms }) => [name, ms])).toEqual([['a', 0.012]])
    expect(trace.runMs).toBe(0.042)
  })

  it('is read in the order of execution', () => {
    const order = (name: string, ts: number, index: string) => kernel(name, { ts, dur: 1 }, { node_index: index })
    const json = profile(
      order('second', 120, '5'),
      order('first', 110, '7'),
      order('third', 130, '1'),
      run({ ts: 100, dur: 50 }),
    )
    const { kernels } = readTrace(json, 0)
    expect(kernels.map(({ name, nodeIndex }) => [name, nodeIndex])).toEqual([
      ['first', 7],
      ['second', 5],
      ['third', 1],
    ])
  })

  it('tells what a kernel was and saw', () => {
    const seen = {
      op_name: 'Conv',
      node_index: '12',
      input_type_shape: [{ float: [1, 3, 8, 8] }, { double: [4] }, { int64: [] }, { float16: [2] }],
      output_type_shape: [{ float: [1, 4, 8, 8] }],
    }
    const { kernels } = readTrace(profile(kernel('conv1', { ts: 110, dur: 3 }, seen), run({ ts: 100, dur: 20 })), 0)
    expect(kernels).toEqual([
      {
        name: 'conv1',
        op: 'Conv',
        nodeIndex: 12,
        provider: 'CPUExecutionProvider',
        inputTypes: [
          { elementType: 'float32', dims: [1, 3, 8, 8] },
          { elementType: 'float64', dims: [4] },
          { elementType: 'int64', dims: [] },
          { elementType: 'float16', dims: [2] },
        ],
        outputTypes: [{ elementType: 'float32', dims: [1, 4, 8, 8] }],
        ms: 0.003,
        timeSource: 'kernel',
      },
    ])
  })

  it('keeps kernels of one name apart by their index', () => {
    const json = profile(
      kernel('same', { ts: 110, dur: 3 }, { node_index: '1' }),
      kernel('same', { ts: 120, dur: 5 }, { node_index: '2' }),
      run({ ts: 100, dur: 50 }),
    )
    expect(readTrace(json, 0).kernels.map(({ ms }) => ms)).toEqual([0.003, 0.005])
  })

  it('adds up a kernel that runs twice in a run', () => {
    const json = profile(
      ...[0, 1, 2].flatMap((index) => [
        kernel('twice', { ts: 1000 * index + 10, dur: 20 }),
        kernel('twice', { ts: 1000 * index + 40, dur: 20 }),
        run({ ts: 1000 * index, dur: 100 }),
      ]),
    )
    expect(readTrace(json, 0).kernels.map(({ ms }) => ms)).toEqual([0.04])
  })

  it('spreads a kernel that runs in every other run', () => {
    const json = profile(
      ...[0, 1, 2, 3].flatMap((index) => [
        ...(index % 2 === 0 ? [kernel('rare', { ts: 1000 * index + 10, dur: 20 })] : []),
        run({ ts: 1000 * index, dur: 100 }),
      ]),
    )
    expect(readTrace(json, 0).kernels.map(({ ms }) => ms)).toEqual([0.01])
  })

  it('leaves out the body of a loop, whose time is in the loop already', () => {
    const json = profile(
      kernel('before', { ts: 105, dur: 5 }),
      kernel('body', { ts: 110, dur: 12 }),
      kernel('body', { ts: 125, dur: 10 }),
      kernel('loop', { ts: 110, dur: 30 }, { op_name: 'Loop' }),
      kernel('after', { ts: 140, dur: 5 }),
      run({ ts: 100, dur: 60 }),
    )
    expect(readTrace(json, 0).kernels.map(({ name, ms }) => [name, ms])).toEqual([
      ['before', 0.005],
      ['loop', 0.03],
      ['after', 0.005],
    ])
  })

  it('keeps kernels too short to be counted, and their order', () => {
    const json = profile(
      kernel('none', { ts: 105, dur: 0 }),
      kernel('one', { ts: 105, dur: 1 }, { node_index: '1' }),
      kernel('also', { ts: 106, dur: 0 }, { node_index: '2' }),
      run({ ts: 100, dur: 60 }),
    )
    expect(readTrace(json, 0).kernels.map(({ name }) => name)).toEqual(['none', 'one', 'also'])
  })

  it('without runs has no kernels', () => {
    const nothing = { kernels: [], runs: 0, runMs: 0, creation: { loadMs: 2, initializeMs: 8 } }
    expect(readTrace(profile(), 2)).toEqual(nothing)
    const warmUpOnly = profile(kernel('a', { ts: 110, dur: 3 }), run({ ts: 100, dur: 20 }))
    expect(readTrace(warmUpOnly, 1)).toEqual(nothing)
    expect(readTrace('[]', 0).creation).toEqual({ loadMs: 0, initializeMs: 0 })
  })

  it('tells how long the session took to load and to initialise, whatever kernels are called', () => {
    const names = ['model_loading', 'session_initialization', 'session_init']
    const json = profile(
      ...names.map((name, index) => kernel(name, { ts: 20_000 + 10 * index, dur: 7 }, { node_index: String(index) })),
      run({ ts: 19_990, dur: 100 }),
    )
    // 2,000 and 8,000 µs
    expect(readTrace(json, 0)).toMatchObject({ runs: 1, creation: { loadMs: 2, initializeMs: 8 } })
  })

  it.each(['a"b', 'a\nb', 'a\\', '","args" : {', '\u0000'])(
    'is read though onnxruntime writes %j unescaped',
    (name) => {
      // as onnxruntime 1.30 writes an event, spaces and order included
      const event = (cat: string, text: string, ts: number, args: string) =>
        `{"cat" : "${cat}","pid" :1,"tid" :1,"dur" :7,"ts" :${ts},"ph" : "X","name" :"${text}","args" : ${args}}`
      const args = '{"op_name" : "Relu","node_index" : "0","provider" : "CPUExecutionProvider"}'
      const text = `[\n${event('Node', `${name}_kernel_time`, 11, args)},\n${event('Session', 'model_run', 10, '{}')}\n]`
      expect(() => JSON.parse(text)).toThrow()
      expect(readTrace(text, 0).kernels).toEqual([expect.objectContaining({ name, op: 'Relu', ms: 0.007 })])
    },
  )

  it('reads a name with a backslash as it is, though its JSON means another', () => {
    const text =
      '[{"cat" : "Node","pid" :1,"tid" :1,"dur" :7,"ts" :11,"ph" : "X","name" :"a\\nb_kernel_time","args" : {}},' +
      '{"cat" : "Session","pid" :1,"tid" :1,"dur" :9,"ts" :10,"ph" : "X","name" :"model_run","args" : {}}]'
    expect(JSON.parse(text)[0].name).toBe('a\nb_kernel_time')
    expect(readTrace(text, 0).kernels.map(({ name }) => name)).toEqual(['a\\nb'])
  })

  it('takes kernels whose names are strange', () => {
    const names = ['', 'a_kernel_time', 'fused conv/bn', '畳み込み', '__proto__']
    const json = profile(
      ...names.map((name, index) => kernel(name, { ts: 110 + 10 * index, dur: 3 }, { node_index: String(index) })),
      run({ ts: 100, dur: 100 }),
    )
    expect(readTrace(json, 0).kernels.map(({ name }) => name)).toEqual(names)
  })
})
