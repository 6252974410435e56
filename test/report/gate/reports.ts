import type { Environment, Estimate, GateCheck, GateReport, LatencyEvidence } from '../../../src/types.js'

/** Reports made by hand, as `gate` makes them by measuring. */

const estimate = (point: number, lower: number, upper: number): Estimate => ({
  ...{ point, lower, upper, confidenceLevel: 0.99 },
})

const environment: Environment = {
  provider: 'cpu',
  adapter: null,
  threads: 1,
  onnxruntime: '1.30.0',
  node: '20.19.0',
  platform: 'linux',
  arch: 'x64',
  cpu: 'A CPU <of> 2 & more',
  logicalCpus: 2,
  memoryBytes: 8e9,
}

export const check = (given: Partial<GateCheck> = {}): GateCheck => ({
  model: 'net',
  metric: 'macs',
  unit: 'count',
  level: 'error',
  baseline: 1_000_000,
  current: 1_000_000,
  limit: 1_000_000,
  verdict: 'passed',
  message: '1,000,000, as before',
  try: null,
  layers: [],
  ...given,
})

export const failing = (given: Partial<GateCheck> = {}): GateCheck =>
  check({
    current: 1_002_048,
    verdict: 'regressed',
    message: '1,002,048 instead of 1,000,000, 0.2 % more',
    try: 'flopgap baseline update, if it is meant.',
    layers: [{ layer: 'head/extra', op: 'Conv', change: 'added', difference: 2048 }],
    ...given,
  })

export const evidence = (given: Partial<LatencyEvidence> = {}): LatencyEvidence => ({
  model: 'net',
  beside: 'old.onnx',
  settings: { provider: 'cpu', threads: 1, optimization: 'all' },
  ratio: estimate(1.08, 1.06, 1.1),
  confirmation: estimate(1.07, 1.055, 1.09),
  threshold: 1.05,
  candidateMs: estimate(5.4, 5.3, 5.5),
  besideMs: estimate(5, 4.9, 5.1),
  minimumDetectable: 1.02,
  pairs: 240,
  launches: 2,
  reason: null,
  hint: null,
  runs: [{ candidateMs: [5.4], besideMs: [5] }],
  ...given,
})

export const slower = check({
  metric: 'latency',
  unit: 'ratio',
  baseline: null,
  current: 1.08,
  limit: 1.05,
  verdict: 'regressed',
  message: '1.08 times as slow as old.onnx, at least 1.06',
  try: 'flopgap profile --against shows where.',
})

export const report = (given: Partial<GateReport> = {}): GateReport => ({
  verdict: 'regressed',
  strict: false,
  expectFail: false,
  environment,
  against: { kind: 'model', path: 'old.onnx' },
  checks: [
    failing(),
    slower,
    check({
      metric: 'params',
      level: 'warn',
      current: 7,
      baseline: 6,
      verdict: 'regressed',
      message: '7 instead of 6',
    }),
    check({ metric: 'kernels', verdict: 'improved', current: 50, baseline: 60, message: '50 instead of 60' }),
    check({ metric: 'findings', verdict: 'information', baseline: null, message: 'new: 3' }),
    check({ metric: 'bytes', unit: 'bytes' }),
  ],
  latency: [evidence()],
  error: null,
  ...given,
})

export const unjudged: GateReport = report({
  verdict: 'error',
  environment: null,
  checks: [],
  latency: [],
  error: { code: 'no-such-file', message: 'there is no file old.onnx', hint: 'Give the model to compare with.' },
})

/** Names that a file may hold, each against another reader. */
export const hostile = {
  html: '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;</code></details>',
  xml: ']]></failure><testcase name="x"/><!-- & " \' -->',
  control: '\u001b[31mred\u0000\u0007\u009b2J\u007f',
  newlines: 'one\r\ntwo\nthree\u2028four\u2029five\u0085six',
  marks: 'abc\u202etxt.exe\u200f\u2066x\ufeff\u200b',
  markdown: '**b** _i_ `c` ``d`` [l](javascript:x) ![i](http://x) ~~s~~ a|b\\|c \\ $x$ :tada: # h',
  calls: '@someone #1 org/repo#2 http://evil.example www.evil.example a@evil.example',
  command: 'x\n::error title=own::mine\r\n::set-output name=a::b',
  percent: '%0A%0D%25::warning::x,title=y',
  long: 'x'.repeat(10_000),
  surrogates: 'a\ud800b\udc00c',
  prototype: '__proto__',
} as const

/** A report with a name everywhere that a name can be. */
export const withName = (name: string): GateReport =>
  report({
    against: { kind: 'model', path: name },
    checks: [
      failing({
        ...{ model: name, metric: 'macs', message: name, try: name },
        layers: [{ layer: name, op: name, change: 'changed', difference: 5 }],
      }),
      check({ model: name, metric: 'flops', message: name }),
      check({ model: name, metric: 'latency', unit: 'ratio', verdict: 'inconclusive', message: name }),
    ],
    latency: [evidence({ model: name, beside: name, hint: name })],
    error: { code: 'measuring-failed', message: name, hint: name },
  })
