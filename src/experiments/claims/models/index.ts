import type { Network } from '../../../models/builder.js'
import { build, buildOn } from '../../../models/spec.js'
import type { Model } from '../../../types.js'
import { guidelineRows } from './guideline-rows.js'
import { separablePairs } from './separable-pairs.js'
import { shuffleNetV1Depth50 } from './shufflenet-v1-50.js'
import { NonlinearBottlenecks, WithoutElementwise, WithoutShuffles, WithRelu } from './without.js'

/** A network of the zoo, written with some of its operations exchanged or left out. */
const altered =
  (spec: string, Writer: new () => Network) =>
  (label: string): Model =>
    buildOn(new Writer(), spec, label)

/** Models that no spec names; a new one is a line here. */
const made: Readonly<Record<string, (label: string) => Model>> = {
  'separable pairs': separablePairs,
  'mobilenet-v2 with ReLU': altered('mobilenet-v2', WithRelu),
  'mobilenet-v2 with ReLU6 after bottlenecks': altered('mobilenet-v2', NonlinearBottlenecks),
  'mobilenet-v2 without ReLU6 and Add': altered('mobilenet-v2', WithoutElementwise),
  'shufflenet-v1 without ReLU and Add': altered('shufflenet-v1', WithoutElementwise),
  'shufflenet-v1 without shuffles': altered('shufflenet-v1', WithoutShuffles),
  'shufflenet-v1-50 with bottlenecks of 1:4': shuffleNetV1Depth50(4),
  'shufflenet-v1-50 with bottlenecks of 1:2': shuffleNetV1Depth50(2),
  ...guidelineRows,
}

/** The model of a claim by its label: a spec, or one that is made for claims. */
export const modelOf = (label: string): Model => made[label]?.(label) ?? build(label)
