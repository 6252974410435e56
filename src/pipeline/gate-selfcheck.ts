import { limitOf, type PairedLaunch } from '../gate/latency.js'
import { referenceNetwork } from '../gate/reference.js'
import { selfcheck } from '../gate/selfcheck.js'
import { type Binding, noBinding } from '../onnx/bind.js'
import { usable } from '../runtime/adapter.js'
import { environmentOf } from '../runtime/environment.js'
import type { Selfcheck } from '../types.js'
import { open } from './open.js'
import { pairedLaunches } from './paired.js'

export interface SelfcheckOptions {
  /** The reference network by default. */
  readonly target?: string | undefined
  readonly binding?: Binding
  readonly provider?: string
  readonly threads?: number
  /** A share: 0.05. */
  readonly threshold: number
  readonly maxTimeMs: number
  readonly onProgress?: (stage: string, share: number) => void
}

/** The least that says something of a machine, and the most that adds to it. */
const [fewest, most] = [6, 30]

/**
 * Holds a model against itself in one process after another, as the gate does, until the time is spent.
 *
 * @throws FlopgapError as `profileModel`
 */
export async function selfcheckMachine(options: SelfcheckOptions): Promise<Selfcheck> {
  const { target = referenceNetwork, binding = noBinding, maxTimeMs, onProgress = () => {} } = options
  const { provider = 'cpu', threads = 1 } = options
  const settings = await usable({ provider, threads, optimization: 'all' })
  const model = await open(target)
  const threshold = 1 + options.threshold
  const start = performance.now()
  const spent = () => (performance.now() - start) / maxTimeMs
  const launches = await pairedLaunches(
    { model, binding },
    { model, binding },
    {
      settings,
      // a gate's own time, of which it takes what it needs
      totalMs: most * Math.max(2000, maxTimeMs / fewest),
      launches: most,
      limit: limitOf({ threshold, earlier: null }),
      isOpen: (done: readonly PairedLaunch[]) => done.length < fewest || spent() < 1,
      onProgress: (phase) => onProgress(phase, Math.min(1, spent())),
    },
  )
  return selfcheck(launches, { model: target, environment: environmentOf(settings), threshold })
}
