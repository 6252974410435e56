import type { Attribution, Environment, ExecutedGraph, ExecutedKernel, Launch, Measurement } from '../../src/types.js'

export const executedKernel = (kernel: Partial<ExecutedKernel> = {}): ExecutedKernel => ({
  name: 'kernel',
  op: 'Conv',
  domain: '',
  provider: 'CPUExecutionProvider',
  inputs: [],
  outputs: [],
  attributes: {},
  inputTypes: [],
  outputTypes: [],
  profiledMs: 1,
  timeSource: 'kernel',
  ...kernel,
})

/** A measurement of some kernels, whose profiled run took as long as they together. */
export const measurement = (
  executed: Partial<ExecutedGraph> & Pick<ExecutedGraph, 'kernels'>,
  rest: Partial<Measurement> = {},
): Measurement => ({
  settings: { provider: 'cpu', threads: 1, optimization: 'all' },
  launches: [launch({ runs: rest.runsMs?.length ?? 1 })],
  runsMs: [1],
  runsCpuMs: [],
  outputBytes: 0,
  executed: {
    profiledRuns: 3,
    profiledRunMs: executed.kernels.reduce((sum, { profiledMs }) => sum + profiledMs, 0),
    ...executed,
  },
  profiledWallMs: executed.profiledRunMs ?? executed.kernels.reduce((sum, { profiledMs }) => sum + profiledMs, 0),
  plainWallMs:
    rest.plainWallMs ?? executed.profiledRunMs ?? executed.kernels.reduce((sum, { profiledMs }) => sum + profiledMs, 0),
  creation: { loadMs: 0, initializeMs: 0 },
  ...rest,
})

export const launch = (rest: Partial<Launch> = {}): Launch => ({
  runtimeLoadMs: 1,
  sessionCreateMs: 1,
  firstRunMs: 1,
  warmupRuns: 3,
  reachedSteadyState: true,
  runs: 1,
  ...rest,
})

/** An attribution in which no kernel was added and every source node is executed. */
export const attribution = (parts: Partial<Attribution> & Pick<Attribution, 'sources'>): Attribution => ({
  parts: parts.sources.map(() => null),
  inserted: parts.sources.map(() => false),
  fates: parts.sources.flat().map(() => 'executed' as const),
  ...parts,
})

export const environment: Environment = {
  provider: 'cpu',
  adapter: null,
  threads: 1,
  onnxruntime: '1.30.0',
  node: 'v20.20.2',
  platform: 'linux',
  arch: 'x64',
  cpu: 'a processor',
  logicalCpus: 2,
  memoryBytes: 8e9,
}
