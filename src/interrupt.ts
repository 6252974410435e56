/** Things that must not outlive this process: temporary folders, half-written files, measuring processes. */
const pending = new Set<() => void>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

/** Runs `undo` if the process is interrupted before the returned function is called. */
export function undoOnInterrupt(undo: () => void): () => void {
  if (pending.size === 0) for (const signal of signals) process.on(signal, interrupted)
  pending.add(undo)
  return () => {
    pending.delete(undo)
    if (pending.size === 0) for (const signal of signals) process.off(signal, interrupted)
  }
}

function interrupted(signal: keyof typeof numbers): void {
  // last made, first undone: a process stops before the folder it writes into goes
  for (const undo of [...pending].reverse()) {
    try {
      undo()
    } catch {
      // what cannot be undone must not keep the rest from it
    }
  }
  process.exit(128 + numbers[signal])
}
