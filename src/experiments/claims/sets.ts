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

/** Every set; a new one is a line here. */
export const allSets: readonly MeasuredSet[] = [lightweight, altered, squeezed, inceptions, alexnetBeside, detectors]
