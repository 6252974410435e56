import type { Network, Value } from './builder.js'

interface Window {
  readonly start: number
  readonly end: number
}

/**
 * Mean over `to` windows a side that cover a map of any size: window i runs from floor(i·from/to) to
 * ceil((i+1)·from/to), as in PyTorch's AdaptiveAvgPool2d.
 *
 * ONNX has no such operator: one pooling does where all windows are alike, else each is cut out and averaged.
 */
export function adaptiveAveragePool(net: Network, x: Value, { from, to }: { from: number; to: number }): Value {
  const windows = Array.from({ length: to }, (_, i) => ({
    start: Math.floor((i * from) / to),
    end: Math.ceil(((i + 1) * from) / to),
  }))
  if (from === to) return x
  const even = evenly(windows)
  if (even !== null) return net.averagePool(x, even)
  const rows = net.scope('rows', () => averages(net, x, 2, windows))
  return net.scope('columns', () => averages(net, rows, 3, windows))
}

/** The windows as one pooling, where they have one size and one distance. */
function evenly(windows: readonly Window[]): { kernel: number; stride: number } | null {
  const [first, second] = windows
  const kernel = first === undefined ? 0 : first.end - first.start
  const stride = second?.start ?? 1
  const alike = windows.every(({ start, end }, i) => start === i * stride && end - start === kernel)
  return alike && stride > 0 ? { kernel, stride } : null
}

function averages(net: Network, x: Value, axis: 2 | 3, windows: readonly Window[]): Value {
  const means = windows.map(({ start, end }, i) =>
    net.scope(`${i + 1}`, () => {
      const kernel = axis === 2 ? ([end - start, 1] as const) : ([1, end - start] as const)
      return net.averagePool(net.slice(x, { axis, start, end }), { kernel, stride: 1 })
    }),
  )
  return net.concat(means as [Value, ...Value[]], axis)
}
