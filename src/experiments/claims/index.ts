import { FlopgapError } from '../../errors.js'
import { didYouMean } from '../../models/find.js'
import type { Claim } from './claim.js'
import { condensenetCost } from './condensenet/condensenet-cost.js'
import { condensenetTime } from './condensenet/condensenet-time.js'
import { alexnetBeside } from './mobilenet-v1/alexnet-beside.js'
import { firstConvolutionShare } from './mobilenet-v1/first-convolution-share.js'
import { fullVersusSeparable } from './mobilenet-v1/full-versus-separable.js'
import { googlenetBeside } from './mobilenet-v1/googlenet-beside.js'
import { pointwiseShare } from './mobilenet-v1/pointwise-share.js'
import { resolutionSquared } from './mobilenet-v1/resolution-squared.js'
import { separableCost } from './mobilenet-v1/separable-cost.js'
import { shallowOrThin } from './mobilenet-v1/shallow-or-thin.js'
import { squeezenetBeside } from './mobilenet-v1/squeezenet-beside.js'
import { vggBeside } from './mobilenet-v1/vgg-beside.js'
import { widthSquared } from './mobilenet-v1/width-squared.js'
import { widthSquaredParams } from './mobilenet-v1/width-squared-params.js'
import { linearBottleneckTime } from './mobilenet-v2/linear-bottleneck-time.js'
import { mobilenetV2Cost } from './mobilenet-v2/mobilenet-v2-cost.js'
import { mobilenetV2Time } from './mobilenet-v2/mobilenet-v2-time.js'
import { mobilenetV2Wide } from './mobilenet-v2/mobilenet-v2-wide.js'
import { relu6Time } from './mobilenet-v2/relu6-time.js'
import { ssdliteBesideYolo } from './mobilenet-v2/ssdlite-beside-yolo.js'
import { ssdliteLayers } from './mobilenet-v2/ssdlite-layers.js'
import { ssdliteTime } from './mobilenet-v2/ssdlite-time.js'
import { yoloRow } from './mobilenet-v2/yolo-row.js'
import { reductionRatios } from './senet/reduction-ratios.js'
import { seCpuTime } from './senet/se-cpu-time.js'
import { seFlops } from './senet/se-flops.js'
import { seParams } from './senet/se-params.js'
import { seParamsFormula } from './senet/se-params-formula.js'
import { alexnetInPractice } from './shufflenet-v1/alexnet-in-practice.js'
import { alexnetInTheory } from './shufflenet-v1/alexnet-in-theory.js'
import { fourTimesComplexity } from './shufflenet-v1/four-times-complexity.js'
import { groupsWiden } from './shufflenet-v1/groups-widen.js'
import { shuffleFlops } from './shufflenet-v1/shuffle-flops.js'
import { shufflenetQuarter } from './shufflenet-v1/shufflenet-quarter.js'
import { complexities } from './shufflenet-v2/complexities.js'
import { elementwiseOperations } from './shufflenet-v2/elementwise-operations.js'
import { elementwiseShare } from './shufflenet-v2/elementwise-share.js'
import { equalChannelWidth } from './shufflenet-v2/equal-channel-width.js'
import { flopsRankLatency } from './shufflenet-v2/flops-rank-latency.js'
import { fragmentation } from './shufflenet-v2/fragmentation.js'
import { groupConvolution } from './shufflenet-v2/group-convolution.js'
import { reluShortcut } from './shufflenet-v2/relu-shortcut.js'
import { shuffleTime } from './shufflenet-v2/shuffle-time.js'
import { shufflenetV1Depth50 } from './shufflenet-v2/shufflenet-v1-50.js'
import { shufflenetV2Fastest } from './shufflenet-v2/shufflenet-v2-fastest.js'
import { wideField } from './shufflenet-v2/wide-field.js'
import { wideFieldTime } from './shufflenet-v2/wide-field-time.js'
import { inceptionV3Size } from './xception/inception-v3-size.js'
import { xceptionSize } from './xception/xception-size.js'
import { xceptionSpeed } from './xception/xception-speed.js'

/** Every claim, paper by paper; a new one is a file here, a line in this list and npm run docs. */
export const claims: readonly Claim[] = [
  ...[separableCost, pointwiseShare, firstConvolutionShare, fullVersusSeparable, widthSquared, widthSquaredParams],
  ...[resolutionSquared, shallowOrThin, vggBeside, googlenetBeside, alexnetBeside, squeezenetBeside],
  ...[xceptionSize, inceptionV3Size, xceptionSpeed],
  ...[seFlops, seParams, seCpuTime, seParamsFormula, reductionRatios],
  ...[groupsWiden, shuffleFlops, alexnetInTheory, alexnetInPractice, fourTimesComplexity, shufflenetQuarter],
  ...[condensenetCost, condensenetTime],
  ...[mobilenetV2Cost, mobilenetV2Time, mobilenetV2Wide, relu6Time, linearBottleneckTime],
  ...[ssdliteBesideYolo, yoloRow, ssdliteLayers, ssdliteTime],
  ...[flopsRankLatency, equalChannelWidth, groupConvolution, fragmentation, elementwiseOperations, reluShortcut],
  ...[elementwiseShare, shuffleTime, shufflenetV2Fastest, complexities, shufflenetV1Depth50, wideField, wideFieldTime],
]

/**
 * The claims of these ids, in the list's order; all where none is given.
 *
 * @throws FlopgapError `unknown-claim`, with the nearest ids
 */
export function claimsNamed(ids: readonly string[]): readonly Claim[] {
  const known = claims.map(({ id }) => id)
  const unknown = ids.find((id) => !known.includes(id))
  if (unknown !== undefined) {
    throw new FlopgapError(
      'unknown-claim',
      `there is no claim ${JSON.stringify(unknown)}${didYouMean(unknown, known)}`,
      'flopgap claims --counted shows the ids of those that need no clock, docs/claims.md all.',
    )
  }
  return ids.length === 0 ? claims : claims.filter(({ id }) => ids.includes(id))
}
