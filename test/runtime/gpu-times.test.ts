import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readTrace } from '../../src/runtime/trace.js'

const webgpu = 'WebGpuExecutionProvider'

interface Timed {
  readonly ts: number
  readonly dur: number
}

/** `name: Op index`, launched by the host. */
function launched(line: string, { ts, dur }: Timed, provider: string = webgpu) {
  const [, name, op, index] = /^(.*): (\S+) (\d+)$/s.exec(line) ?? []
  const args = { op_name: op, node_index: index, provider }
  return { cat: 'Node', pid: 1, tid: 1, ph: 'X', name: `${name}_kernel_time`, ts, dur, args }
}

/** `node&Op&Program`, run by the GPU. */
const program = (name: string, { ts, dur }: Timed) => ({
  ...{ cat: 'Api', pid: -1, tid: -1, ph: 'X', name, ts, dur },
  args: { cache_key: 'key', shapes: 'inputs[0] = {8} outputs[0] = {8} ' },
})

const run = ({ ts, dur }: Timed) => ({ cat: 'Session', pid: 1, tid: 1, ph: 'X', name: 'model_run', ts, dur, args: {} })

interface Session {
  readonly kernels: readonly string[]
  /** Programs in the order of launching, and how long each takes. */
  readonly programs: readonly (readonly [name: string, us: number])[]
  readonly providers?: Readonly<Record<string, string>>
  readonly runs?: number
  /** Programs that the first run launches beforehand. */
  readonly first?: readonly (readonly [name: string, us: number])[]
  /** What the GPU's clock is ahead. */
  readonly ahead?: number
}

/** Events of a session that launches kernels every 10 µs, while the GPU runs programs from 100 µs on. */
function events({ kernels, programs, providers = {}, runs = 3, first = [], ahead = 0 }: Session) {
  return Array.from({ length: runs }, (_, index) => {
    const start = 10_000 * (index + 1)
    const host = kernels.map((line, at) => {
      const name = line.split(':')[0] ?? ''
      return launched(line, { ts: start + 10 * at, dur: 7 }, providers[name])
    })
    let at = start + 100
    const gpu = [...(index === 0 ? first : []), ...programs].map(([name, us]) => {
      at += us
      return program(name, { ts: at - us + ahead, dur: us })
    })
    return [...host, run({ ts: start - 5, dur: at - start + 20 }), ...gpu]
  }).flat()
}

const timesOf = (session: Session, warmup = 1) =>
  readTrace(JSON.stringify(events(session)), warmup).kernels.map(({ name, ms, timeSource }) => [
    name,
    ms * 1000,
    timeSource,
  ])

describe('times of kernels on a GPU', () => {
  it('are those of the programs that the GPU ran, not of launching them', () => {
    const session = {
      kernels: ['conv: Conv 3', 'relu: Relu 4'],
      programs: [
        ['conv&Conv&Transpose', 100],
        ['conv&Conv&MatMul', 300],
        ['relu&Relu&Relu', 50],
      ],
    } as const
    expect(timesOf(session)).toEqual([
      ['conv', 400, 'gpu'],
      ['relu', 50, 'gpu'],
    ])
  })

  it('are nothing for a kernel that launches no program: it hands its input on', () => {
    const session = { kernels: ['flat: Flatten 0', 'fc: Gemm 1'], programs: [['fc&Gemm&Gemm', 80]] } as const
    expect(timesOf(session)).toEqual([
      ['flat', 0, 'gpu'],
      ['fc', 80, 'gpu'],
    ])
  })

  it('do not count what the first run launches once, nor the runs that warm up', () => {
    const session = {
      kernels: ['a: Conv 0', 'b: Conv 1'],
      programs: [
        ['a&Conv&MatMul', 100],
        ['b&Conv&MatMul', 200],
      ],
      first: [
        ['a&Conv&Transpose', 999],
        ['b&Conv&Transpose', 999],
        ['b&Conv&Transpose', 999],
        ['b&Conv&Transpose', 999],
      ],
      runs: 4,
    } as const
    expect(timesOf(session, 2)).toEqual([
      ['a', 100, 'gpu'],
      ['b', 200, 'gpu'],
    ])
  })

  it('are found though the GPU has a clock of its own', () => {
    const session = { kernels: ['a: Relu 0'], programs: [['a&Relu&Relu', 60]], ahead: 5_000_000 } as const
    expect(timesOf(session)).toEqual([['a', 60, 'gpu']])
  })

  it('belong to a kernel whose name has ampersands and quotes in it', () => {
    const name = 'a&b"&c'
    const session = { kernels: [`${name}: Relu 0`], programs: [[`${name}&Relu&Relu`, 60]] } as const
    // as onnxruntime writes it: quotes are not escaped
    const json = JSON.stringify(events(session))
      .replaceAll('\\"', '"')
      .replaceAll('"ph":"X","name":', '"ph" : "X","name" :')
      .replaceAll(',"args":{', ',"args" : {')
    expect(() => JSON.parse(json)).toThrow()
    const ordered = json.replaceAll(
      /"ph" : "X","name" :(".*?"),"ts":(\d+),"dur":(\d+),"args"/g,
      '"ts":$2,"dur":$3,"ph" : "X","name" :$1,"args"',
    )
    const { kernels } = readTrace(ordered, 1)
    expect(kernels.map((kernel) => [kernel.name, kernel.ms, kernel.timeSource])).toEqual([[name, 0.06, 'gpu']])
  })
})

describe('nodes without names', () => {
  const twice = (op: string) => [`${op}_1: ${op} 1`, `${op}_2: ${op} 2`]

  it('are told apart by what is launched between them', () => {
    const session = {
      kernels: ['Relu_0: Relu 0', 'conv: Conv 7', 'Relu_3: Relu 3'],
      programs: [
        ['&Relu&Relu', 10],
        ['conv&Conv&MatMul', 100],
        ['&Relu&Relu', 30],
      ],
    } as const
    expect(timesOf(session)).toEqual([
      ['Relu_0', 10, 'gpu'],
      ['conv', 100, 'gpu'],
      ['Relu_3', 30, 'gpu'],
    ])
  })

  it('in a row have as many programs each', () => {
    const programs = [
      ['&Conv&Transpose', 1],
      ['&Conv&MatMul', 10],
      ['&Conv&Transpose', 2],
      ['&Conv&MatMul', 20],
    ] as const
    expect(timesOf({ kernels: twice('Conv'), programs })).toEqual([
      ['Conv_1', 11, 'gpu'],
      ['Conv_2', 22, 'gpu'],
    ])
  })

  it('in a row begin with the same program', () => {
    const programs = [
      ['&Conv&Transpose', 1],
      ['&Conv&Transpose2', 10],
      ['&Conv&MatMul', 100],
      ['&Conv&Transpose', 2],
      ['&Conv&MatMul', 20],
    ] as const
    expect(timesOf({ kernels: twice('Conv'), programs })).toEqual([
      ['Conv_1', 111, 'gpu'],
      ['Conv_2', 22, 'gpu'],
    ])
  })

  it('in a row have no known time where neither tells them apart', () => {
    const programs = [
      ['&Conv&Transpose', 1],
      ['&Conv&MatMul', 10],
      ['&Conv&GroupedConv', 20],
      ['relu&Relu&Relu', 5],
    ] as const
    expect(
      timesOf({ kernels: [...twice('Conv'), 'relu: Relu 9'], programs }).map(([name, , source]) => [name, source]),
    ).toEqual([
      ['Conv_1', 'launch'],
      ['Conv_2', 'launch'],
      ['relu', 'gpu'],
    ])
  })
})

describe('other times in such a profile', () => {
  const providers = { lrn: 'CPUExecutionProvider' }
  const kernels = ['conv: Conv 0', 'down: MemcpyToHost 5', 'lrn: LRN 1', 'up: MemcpyFromHost 6']

  it('are as the host tells them for kernels on the CPU and copies to the GPU', () => {
    const times = timesOf({ kernels, programs: [['conv&Conv&MatMul', 30]], providers })
    expect(times.filter(([name]) => name === 'lrn' || name === 'up')).toEqual([
      ['lrn', 7, 'kernel'],
      ['up', 7, 'kernel'],
    ])
  })

  it('leave out what a copy to the host waits for the GPU', () => {
    const start = 10_000
    const json = JSON.stringify([
      launched('conv: Conv 0', { ts: start, dur: 5 }),
      // from 10 to 200 µs, of which the GPU works until 170
      launched('down: MemcpyToHost 5', { ts: start + 10, dur: 190 }),
      run({ ts: start - 5, dur: 300 }),
      program('conv&Conv&Transpose', { ts: start + 5, dur: 65 }),
      program('conv&Conv&MatMul', { ts: start + 70, dur: 100 }),
    ])
    expect(readTrace(json, 0).kernels.map(({ name, ms, timeSource }) => [name, ms * 1000, timeSource])).toEqual([
      ['conv', 165, 'gpu'],
      ['down', 30, 'kernel'],
    ])
  })

  it('do not tell how long a copy to the host took where the clocks differ', () => {
    const times = timesOf({ kernels, programs: [['conv&Conv&MatMul', 30]], providers, ahead: 60_000_000 })
    expect(times.find(([name]) => name === 'down')?.[2]).toBe('launch')
  })
})

describe('a profile without times of the GPU', () => {
  it.each(['CUDAExecutionProvider', 'TensorrtExecutionProvider', 'DmlExecutionProvider', webgpu])(
    'tells of %s only when it got a kernel',
    (provider) => {
      const session = {
        kernels: ['a: Conv 0', 'b: MemcpyToHost 1'],
        programs: [],
        providers: { a: provider, b: provider },
      }
      expect(timesOf(session).map(([name, , source]) => [name, source])).toEqual([
        ['a', 'launch'],
        ['b', 'launch'],
      ])
    },
  )

  it.each(['CPUExecutionProvider', 'CoreMLExecutionProvider'])('tells how long %s ran', (provider) => {
    expect(timesOf({ kernels: ['a: Conv 0'], programs: [], providers: { a: provider } })).toEqual([['a', 7, 'kernel']])
  })
})

it('all time of the GPU is of some kernel, however many programs each launches', () => {
  const launches = fc.array(fc.record({ us: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(launches, fc.integer({ min: 2, max: 5 }), (kernels, runs) => {
      const programs = kernels.flatMap(({ us }, index) => us.map((time, at) => [`k${index}&Op&P${at}`, time] as const))
      const times = timesOf({ kernels: kernels.map((_, index) => `k${index}: Op ${index}`), programs, runs })
      if (programs.length === 0) return
      for (const [index, { us }] of kernels.entries()) {
        expect(times[index]?.[1]).toBeCloseTo(
          us.reduce((sum, time) => sum + time, 0),
          9,
        )
      }
    }),
  )
})
