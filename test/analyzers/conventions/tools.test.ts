import { describe, expect, test } from 'vitest'
import { reconcile } from '../../../src/analyzers/conventions/reconcile.js'
import { build } from '../../../src/models/spec.js'
import { noBinding } from '../../../src/onnx/bind.js'
import { inferShapes } from '../../../src/runtime/shapes.js'

const totalsOf = async (spec: string): Promise<Record<string, number>> =>
  Object.fromEntries(reconcile(await inferShapes(build(spec), noBinding)).map(({ name, total }) => [name, total]))

/**
 * What the tools themselves report, Python 3.11, on torchvision 0.29.2's models in eval mode with an input of 1x3x224x224:
 * `FlopCountAnalysis(model, x).total()` of fvcore 0.1.5.post20221221, `FlopCounterMode` of torch 2.15.0,
 * `thop.profile(model, (x,))` of thop 0.1.1.post2209072238 and 0.0.31.post2005241907, `get_model_complexity_info` of ptflops
 * 0.7.5 with its default engine; and `Model(file).graph.profile()` of onnx-tool 1.0.1 on what `flopgap build` writes.
 *
 * `unseen` is what torchvision's code has and the graph has not, or the other way round: an adaptive pooling that changes no
 * size is no node of ONNX; a pooling or ReLU written as a function is a node like any other, but no module that thop sees,
 * and ptflops, which counts modules and the functions that they call, counts it once instead of twice.
 */
const measured = [
  {
    spec: 'resnet-50',
    reports: {
      fvcore: 4111512576,
      torch: 8178368512,
      thop: 4133742592,
      'thop-2020': 4111514624,
      ptflops: 4132436968,
      'onnx-tool': 4450761704,
    },
    unseen: {},
  },
  { spec: 'resnet-50:version=1', reports: { 'onnx-tool': 4202691560 }, unseen: {} },
  {
    spec: 'resnet-101',
    reports: { fvcore: 7833969664, torch: 15602810880, thop: 7866435584, ptflops: 7865129960 },
    unseen: {},
  },
  {
    spec: 'resnext-50',
    reports: { fvcore: 4259381248, torch: 8460959744, thop: 4288184320, ptflops: 4286878696 },
    unseen: {},
  },
  {
    spec: 'squeezenet:version=1.0',
    reports: {
      fvcore: 819093576,
      torch: 1637849152,
      thop: 819094576,
      'thop-2020': 823440824,
      ptflops: 836821960,
      'onnx-tool': 832767864,
    },
    unseen: {},
  },
  {
    spec: 'squeezenet:version=1.1',
    reports: { fvcore: 349320936, torch: 698303872, thop: 349321936, ptflops: 359982728 },
    unseen: {},
  },
  {
    spec: 'mobilenet-v2',
    reports: {
      fvcore: 314193216,
      torch: 601548544,
      thop: 327486720,
      'thop-2020': 314130496,
      ptflops: 320300008,
      'onnx-tool': 520292552,
    },
    // F.adaptive_avg_pool2d of 1280 x 7 x 7
    unseen: { thop: -(62720 + 1280), 'thop-2020': -(62720 + 1280), ptflops: -62720 },
  },
  {
    spec: 'densenet-121',
    reports: {
      fvcore: 2865546752,
      torch: 5668323328,
      thop: 2897007104,
      'thop-2020': 2865672192,
      ptflops: 2899843048,
      'onnx-tool': 3338084328,
    },
    // F.relu and F.adaptive_avg_pool2d of 1024 x 7 x 7
    unseen: { thop: -(50176 + 1024), 'thop-2020': -(50176 + 1024), ptflops: -2 * 50176 },
  },
  {
    spec: 'vgg-16',
    reports: {
      fvcore: 15470289408,
      torch: 30940528640,
      thop: 15470314496,
      'thop-2020': 15483862016,
      ptflops: 15523225576,
      'onnx-tool': 15503498216,
    },
    // AdaptiveAvgPool2d(7) of 512 x 7 x 7
    unseen: { fvcore: 25088, thop: 2 * 25088, 'thop-2020': 2 * 25088, ptflops: 2 * 25088 },
  },
  {
    spec: 'alexnet',
    reports: { fvcore: 714197696, torch: 1428376960, thop: 714206912, 'thop-2020': 714691904, ptflops: 716441128 },
    // AdaptiveAvgPool2d(6) of 256 x 6 x 6
    unseen: { fvcore: 9216, thop: 2 * 9216, 'thop-2020': 2 * 9216, ptflops: 2 * 9216 },
  },
  {
    spec: 'shufflenet-v2:scale=0.5,variant=torchvision',
    reports: { fvcore: 42524256, torch: 80952896, thop: 44572064, ptflops: 44770632 },
    // x.mean([2, 3]) of 1024 x 7 x 7, which no tool counts; the graph has a GlobalAveragePool
    unseen: { fvcore: -50176, thop: -(50176 + 1024), ptflops: -2 * 50176 },
  },
  { spec: 'shufflenet-v1', reports: { 'onnx-tool': 235986088 }, unseen: {} },
  { spec: 'se-resnet-50', reports: { 'onnx-tool': 4216805960 }, unseen: {} },
] as const

describe('a convention gives what the tool itself reports', () => {
  test.each(measured)('$spec', async ({ spec, reports, unseen }) => {
    const totals = await totalsOf(spec)
    for (const [name, reported] of Object.entries(reports)) {
      const offset = (unseen as Record<string, number>)[name] ?? 0
      expect([name, (totals[name] ?? 0) + offset]).toEqual([name, reported])
    }
  })
})

/** torchvision 0.29.2, `weights.meta['_ops']`, in units of 10⁹ with three decimals. */
const torchvisionOps = [
  ['alexnet', 0.714],
  ['densenet-121', 2.834],
  ['googlenet:variant=torchvision', 1.498],
  ['inception-v3', 5.713],
  ['mobilenet-v2', 0.301],
  ['resnet-50', 4.089],
  ['resnet-50:version=1', 4.089],
  ['resnet-101', 7.801],
  ['resnext-50', 4.23],
  ['shufflenet-v2:scale=0.5,variant=torchvision', 0.04],
  ['squeezenet:version=1.0', 0.819],
  ['vgg-16', 15.47],
] as const

test.each(torchvisionOps)("torchvision's %s is %f G", async (spec, ops) => {
  expect(((await totalsOf(spec)).torchvision ?? 0) / 1e9).toBeCloseTo(ops, 3)
})

/** timm's results/benchmark-infer-amp-nchw-pt240-cu124-rtx4090.csv, column infer_gmacs. */
const timmGmacs = [
  ['resnet-50', 4.11],
  ['resnet-101', 7.83],
  ['resnext-50', 4.26],
  ['mobilenet-v2', 0.31],
  ['densenet-121', 2.87],
  ['inception-v3', 5.73],
  ['vgg-16', 15.47],
  ['xception', 8.4],
] as const

test.each(timmGmacs)("timm's %s is %f G", async (spec, gmacs) => {
  expect(Math.round(((await totalsOf(spec)).timm ?? 0) / 1e7) / 100).toBe(gmacs)
})
