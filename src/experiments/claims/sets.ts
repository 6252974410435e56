import { g1 } from '../guidelines/g1.js'
import { g2 } from '../guidelines/g2.js'
import { g3 } from '../guidelines/g3.js'
import { g4 } from '../guidelines/g4.js'
import type { Guideline } from '../guidelines/guideline.js'
import { rowLabel, widthSets } from './models/guideline-rows.js'

/** Models that run by turns in the same processes, for all claims that compare some of them. */
export interface MeasuredSet {
  readonly id: string
  /** Specs, or names of models in `models/index.ts`. */
  readonly models: readonly string[]
  /** Time to measure for, unless the person gives another. */
  readonly seconds: number
}

/** The light networks at about 40, 140, 300 and 500 M MACs. */
export const lightweight: MeasuredSet = {
  id: 'lightweight',
  models: [
    'mobilenet-v1',
    'mobilenet-v2',
    'mobilenet-v2:width=0.6',
    'shufflenet-v1',
    'shufflenet-v1:groups=1',
    'shufflenet-v1:scale=0.5',
    'shufflenet-v1:scale=2',
    'shufflenet-v2',
    'shufflenet-v2:receptive-field=wide',
    'condensenet-74',
    'condensenet-74:groups=8',
  ],
  seconds: 100,
}

/** Apart from the light ones, whose weights AlexNet's 244 MB would push out of the caches. */
export const alexnetBeside: MeasuredSet = {
  id: 'alexnet',
  models: ['alexnet:variant=caffe,resolution=224', 'shufflenet-v1:scale=0.5'],
  seconds: 30,
}

export const squeezed: MeasuredSet = {
  id: 'squeeze-excitation',
  models: ['resnet-50:version=1', 'se-resnet-50'],
  seconds: 60,
}

export const inceptions: MeasuredSet = {
  id: 'inception',
  models: ['xception', 'inception-v3'],
  seconds: 40,
}

export const detectors: MeasuredSet = {
  id: 'detectors',
  models: ['ssdlite-mobilenet-v1', 'ssdlite-mobilenet-v2'],
  seconds: 30,
}

/** Networks beside themselves without some of their operations. */
export const altered: MeasuredSet = {
  id: 'altered',
  models: [
    'mobilenet-v2',
    'mobilenet-v2 with ReLU',
    'mobilenet-v2 with ReLU6 after bottlenecks',
    'mobilenet-v2 without ReLU6 and Add',
    'shufflenet-v1',
    'shufflenet-v1 without ReLU and Add',
    'shufflenet-v1 without shuffles',
  ],
  seconds: 70,
}

/** The networks of a guideline's table at x1, with both of its width sets. */
const tableOf = (guideline: Guideline): MeasuredSet => ({
  id: guideline.id,
  models: widthSets.flatMap((widths) => guideline.rows.map((row) => rowLabel(guideline, row, widths))),
  seconds: 20,
})

export const [g1Set, g2Set, g3Set, g4Set] = [tableOf(g1), tableOf(g2), tableOf(g3), tableOf(g4)]

/** Every set; a new one is a line here. */
export const allSets: readonly MeasuredSet[] = [
  ...[lightweight, altered, squeezed, inceptions, alexnetBeside, detectors],
  ...[g1Set, g2Set, g3Set, g4Set],
]
