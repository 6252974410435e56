import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interleave, repeatsOf, sample, warmUp } from '../../src/runtime/sample.js'

const noTick = () => {}

/** Contenders that write down when they run. */
function recorded(repeats: readonly number[]) {
  const order: string[] = []
  const contenders = repeats.map((repeat, index) => ({
    repeat,
    run: async () => {
      order.push('ABCDEFG'[index] ?? '?')
    },
  }))
  return { order, contenders }
}

/** The time is spent at once, so that only `atLeast` decides. */
const short = (atLeast: number) => ({ limitMs: 0, atLeast, atMost: 1000 })
/** The time is never spent, so that only `atMost` decides. */
const long = (atMost: number) => ({ limitMs: 1e9, atLeast: 1, atMost })

describe('models that take turns', () => {
  it.each([
    [2, 'ABBA'],
    [4, 'ABBAABBA'],
    // rounds come in pairs
    [1, 'ABBA'],
    [3, 'ABBAABBA'],
  ])('run forth and back for %i rounds', async (rounds, wanted) => {
    for (const limits of [short(rounds), long(rounds)]) {
      const { order, contenders } = recorded([1, 1])
      await interleave(contenders, limits, noTick)
      expect(order.join('')).toBe(wanted)
    }
  })

  it('run forth and back if they are three as well', async () => {
    const { order, contenders } = recorded([1, 1, 1])
    await interleave(contenders, short(2), noTick)
    expect(order.join('')).toBe('ABCCBA')
  })

  it('run as often in a row as one of their samples has runs', async () => {
    const { order, contenders } = recorded([1, 3])
    const runs = await interleave(contenders, short(2), noTick)
    expect(order.join('')).toBe('ABBBBBBA')
    expect(runs.map(({ runsMs }) => runsMs.length)).toEqual([2, 2])
  })

  it('have samples of the same rounds, wall and CPU time of each', async () => {
    const counts = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 9 }), async (repeats, rounds) => {
        const { order, contenders } = recorded(repeats)
        const runs = await interleave(contenders, short(rounds), noTick)
        const wanted = repeats.length === 1 ? rounds : 2 * Math.ceil(rounds / 2)
        for (const { runsMs, runsCpuMs } of runs) expect([runsMs.length, runsCpuMs.length]).toEqual([wanted, wanted])
        for (const [index, repeat] of repeats.entries()) {
          expect(order.filter((name) => name === 'ABCD'[index])).toHaveLength(wanted * repeat)
        }
      }),
    )
  })

  it('are as often first as last', async () => {
    const { order, contenders } = recorded([1, 1])
    await interleave(contenders, short(7), noTick)
    const firsts = order.filter((_, at) => at % 2 === 0)
    expect(firsts.filter((name) => name === 'A')).toHaveLength(firsts.length / 2)
  })

  it('end when the runs tell enough, both orders as frequent, and not before', async () => {
    const { order, contenders } = recorded([1, 1])
    const asked: number[] = []
    const isEnough = (runs: readonly { readonly runsMs: readonly number[] }[]) => {
      asked.push(runs[0]?.runsMs.length ?? 0)
      return (runs[0]?.runsMs.length ?? 0) >= 5
    }
    const [a, b] = await interleave(contenders, { ...long(100), isEnough }, noTick)
    expect([a?.runsMs.length, b?.runsMs.length, order.length]).toEqual([6, 6, 12])
    expect(asked).toEqual([0, 2, 4, 6])
  })

  it('end with the first that fails', async () => {
    const failing = async () => {
      throw new Error('no memory')
    }
    await expect(interleave([{ run: failing, repeat: 1 }], short(3), noTick)).rejects.toThrow('no memory')
  })

  it('tell how far they are, ever further', async () => {
    const { contenders } = recorded([1, 1])
    const seen: number[] = []
    await interleave(contenders, long(10), (share) => seen.push(share))
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    // ten rounds at most, told before each
    expect(seen).toHaveLength(10)
    for (const [round, share] of seen.entries()) expect(share).toBeCloseTo(round / 10, 3)
  })
})

describe('samples of one model', () => {
  it.each([1, 5, 6])('are %i where there is no time for more, even or not', async (atLeast) => {
    const { order, contenders } = recorded([1])
    const { runsMs } = await sample(contenders[0]?.run ?? (async () => {}), short(atLeast), noTick)
    expect([runsMs.length, order.length]).toEqual([atLeast, atLeast])
  })

  it('are no more than asked for', async () => {
    expect((await sample(async () => {}, long(7), noTick)).runsMs).toHaveLength(7)
  })
})

describe('a sample of several runs', () => {
  it.each([
    [100, 1],
    [5, 1],
    [4.9, 2],
    [1, 5],
    [0.1, 50],
    [0.001, 1000],
    [0, 1000],
  ])('of %d ms each are as many as take 5 ms, a thousand at most: %i', (runMs, repeats) => {
    expect(repeatsOf(runMs)).toBe(repeats)
  })
})

describe('warming up', () => {
  it('goes no further than the time it has', async () => {
    let runs = 0
    const warm = await warmUp(
      async () => {
        runs += 1
      },
      0,
      0,
    )
    expect(warm).toMatchObject({ runs: 1, steady: false })
    expect(runs).toBe(1)
  })

  it('takes the least time it is given, however steady the runs are', async () => {
    const start = performance.now()
    await warmUp(async () => new Promise((resolve) => setTimeout(resolve, 1)), 100, 10_000)
    // clocks of timers and of runs may differ by a millisecond
    expect(performance.now() - start).toBeGreaterThanOrEqual(99)
  })

  it('counts the runs that it takes, ten at least where it finds them steady', async () => {
    let runs = 0
    const warm = await warmUp(
      async () => {
        runs += 1
        await new Promise((resolve) => setTimeout(resolve, 2))
      },
      0,
      10_000,
    )
    expect(warm.runs).toBe(runs)
    if (warm.steady) expect(runs).toBeGreaterThanOrEqual(10)
    expect(warm.lastMs).toBeGreaterThan(0)
  })
})
