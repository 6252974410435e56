/** What each cause is, for people. */
const causeNames: Readonly<Record<string, string>> = {
  arithmetic: 'arithmetic, as FLOPs promise',
  padding: 'channels padded to vector blocks',
  memory: 'memory traffic',
  dispatch: 'starting kernels',
  fragmentation: 'many small kernels',
  layout: 'layout changes',
  runtime: 'onnxruntime and binding',
  untimed: 'kernels, whose own times are not known',
  unexplained: 'unexplained',
}

/** A cause in words. */
export const causeName = (cause: string): string =>
  causeNames[cause] ?? `slow ${cause.replace('efficiency:', '').replace('-', ' ')} kernels`
