import { build, type Comparison, compare } from 'flopgap'
import { beforeAll, describe, expect, it } from 'vitest'

const small = (width: number) => build(`mobilenet-v1:width=${width},resolution=32`)
const [a, b, c] = [small(0.1), small(0.2), small(0.3)]
const labels = ({ models }: Comparison) => models.map(({ label }) => label)

describe('the library compares', () => {
  let result: Comparison
  const seen: string[][] = []
  beforeAll(async () => {
    result = await compare([a, b, c], {
      reference: b,
      maxTimeMs: 300,
      onMeasured: async (soFar) => {
        seen.push(labels(soFar))
      },
    })
  })

  it('with the model that is asked for, each model once', () => {
    const [first, second, third] = ['0.1', '0.2', '0.3'].map((width) => `mobilenet-v1:width=${width},resolution=32`)
    expect(labels(result)).toEqual([first, second, third])
    expect(result.reference).toBe(second)
    expect(result.pairs.map(({ model }) => model)).toEqual([first, third])
    expect(seen).toEqual([[second], [first, second], [first, second, third]])
  })

  it('in launches whose runs are paired', () => {
    for (const { model, referenceRunsMs } of result.pairs) {
      const { launches, runsMs } = result.models.find(({ label }) => label === model)?.measurement ?? { launches: [] }
      expect(runsMs).toHaveLength(referenceRunsMs.length)
      // A B B A: as often one way as the other
      for (const { runs } of launches) expect(runs % 2).toBe(0)
    }
  })

  it('and goes on with an earlier result, more models included', async () => {
    const measured: string[] = []
    const more = await compare([a, b, c, small(0.4)], {
      reference: b,
      maxTimeMs: 300,
      resume: JSON.parse(JSON.stringify(result)),
      onMeasured: async (_, label) => {
        measured.push(label)
      },
    })
    expect(measured).toEqual(['mobilenet-v1:width=0.4,resolution=32'])
    expect(labels(more)).toHaveLength(4)
    expect(JSON.parse(JSON.stringify(more.models.slice(0, 3)))).toEqual(JSON.parse(JSON.stringify(result.models)))
  })

  it('with a reference besides, in as many launches as are asked for', async () => {
    const { reference, models } = await compare([a], { reference: c, maxTimeMs: 200, launches: 3 })
    expect(reference).toBe('mobilenet-v1:width=0.3,resolution=32')
    expect(models.map(({ measurement }) => measurement.launches.length)).toEqual([3, 3])
  })

  it('no model with nothing', async () => {
    await expect(compare([a])).rejects.toMatchObject({ code: 'nothing-to-compare', exitCode: 2 })
    await expect(compare([])).rejects.toMatchObject({ code: 'nothing-to-compare' })
  })
})
