import { describe, expect, it } from 'vitest'
import { FlopgapError } from '../../../src/errors.js'
import { claims, claimsNamed } from '../../../src/experiments/claims/index.js'
import { allSets } from '../../../src/experiments/claims/sets.js'

const ids = claims.map(({ id }) => id)

/** What must be among the claims, and under which ids. */
const wanted: readonly (readonly [statement: string, ...ids: string[]])[] = [
  ['a depthwise separable convolution costs 1/N + 1/k²', 'separable-cost'],
  ['1 x 1 convolutions hold 95 % of the MACs and 75 % of the parameters', 'pointwise-share'],
  ['full versus separable', 'full-versus-separable'],
  ['width and resolution as their squares', 'width-squared', 'width-squared-params', 'resolution-squared'],
  ["Xception has Inception V3's size", 'xception-size'],
  ['SE-ResNet-50: FLOPs, parameters, CPU time', 'se-flops', 'se-params', 'se-cpu-time'],
  ['the table of reduction ratios', 'reduction-ratios'],
  ['more groups, more channels', 'groups-widen'],
  ['the shuffle costs no FLOPs but time', 'shuffle-flops', 'shuffle-time'],
  ['18 times cheaper than AlexNet, about 13 in practice', 'alexnet-in-theory', 'alexnet-in-practice'],
  ['CondenseNet against MobileNet', 'condensenet-cost', 'condensenet-time'],
  ['MobileNet V2 against V1', 'mobilenet-v2-cost', 'mobilenet-v2-time'],
  ['SSDLite against YOLOv2', 'ssdlite-beside-yolo'],
  ['ReLU6 and linear bottlenecks', 'relu6-time', 'linear-bottleneck-time'],
  ['G1 to G4', 'equal-channel-width', 'group-convolution', 'fragmentation', 'elementwise-operations'],
  ['element-wise operations take time', 'elementwise-share'],
  ['removing ReLU and shortcut', 'relu-shortcut'],
  ['ShuffleNet V2 beats the others', 'shufflenet-v2-fastest'],
  ['the wide receptive field', 'wide-field', 'wide-field-time'],
  ['FLOPs do not rank latency', 'flops-rank-latency'],
]

/** Published figures that the reference found to be wrong, or to follow from nothing known. */
const wrong = [
  ...['first-convolution-share', 'squeezenet-beside', 'inception-v3-size', 'se-flops', 'reduction-ratios'],
  ...['shufflenet-quarter', 'mobilenet-v2-wide', 'yolo-row', 'ssdlite-layers', 'complexities', 'shufflenet-v1-50'],
]

describe('the list of claims', () => {
  it.each(wanted)('has: %s', (_, ...those) => {
    for (const id of those) expect(ids).toContain(id)
  })

  it('has each id once, in words joined by hyphens', () => {
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[a-z0-9.]+(-[a-z0-9.]+)*$/)
  })

  it('says which published figures are wrong, with the arithmetic', () => {
    expect(claims.filter(({ publishedIsWrong }) => publishedIsWrong).map(({ id }) => id)).toEqual(wrong)
    for (const { note, publishedIsWrong } of claims) if (publishedIsWrong) expect(note).toMatch(/\d/)
  })

  it('gives each claim its source, figures with margins, and models to count or to run', () => {
    for (const { claim, where, says, how, figures, counts, set, paper } of claims) {
      for (const text of [claim, where, says, how, paper.source]) expect(text).not.toBe('')
      expect(figures.length).toBeGreaterThan(0)
      for (const { name, expected } of figures) {
        expect(name).not.toBe('')
        expect(expected.margin).not.toBe('')
        expect(expected.lower).toBeLessThanOrEqual(expected.upper)
      }
      expect(counts.length + (set?.models.length ?? 0)).toBeGreaterThan(0)
    }
  })

  it('measures all of its sets within ten minutes, starting processes included', () => {
    const used = new Set(claims.flatMap(({ set }) => (set === null ? [] : [set])))
    expect(new Set(allSets)).toEqual(used)
    const seconds = allSets.reduce((sum, set) => sum + set.seconds, 0)
    // six launches of each, and a third of a second or so to make each session
    const starting = allSets.reduce((sum, { models }) => sum + 6 * models.length * 0.3, 0)
    expect(seconds + starting).toBeLessThan(600)
  })

  it('finds claims by their ids, in its own order, and names what is near', () => {
    const [first, second] = ids.slice(3, 5) as [string, string]
    expect(claimsNamed([second, first]).map(({ id }) => id)).toEqual([first, second])
    expect(claimsNamed([])).toBe(claims)
    expect(() => claimsNamed(['seperable-cost'])).toThrow(FlopgapError)
    expect(() => claimsNamed(['seperable-cost'])).toThrow(/"seperable-cost"; did you mean separable-cost/)
  })
})
