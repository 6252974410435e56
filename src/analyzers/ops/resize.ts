import { elements } from '../../onnx/element-types.js'
import { dataThenSettings, rule } from './rule.js'

/** Neighbours that a mode weighs along one axis; none where it copies the nearest. */
function tapsPerAxis(mode: string): number {
  if (mode === 'nearest') return 0
  return mode.endsWith('cubic') ? 4 : 2
}

/** A multiplication and an addition for each of taps^axes neighbours; nothing where no axis is interpolated. */
export const interpolation = (mode: string, axes: number): number => (axes === 0 ? 0 : 2 * tapsPerAxis(mode) ** axes)

/**
 * x [N, C, D…], y [N, C, D'…]: each element of y is interpolated over the axes whose size changes.
 *
 * The weights of the taps, which each axis shares, and the wider filter of `antialias` are not counted.
 * @see https://onnx.ai/onnx/operators/onnx__Resize.html
 */
const resizing = rule(['Resize', 'Upsample'], {
  formula:
    'FLOPs |y| · 2 · t^r over the r axes whose size changes, t taps an axis: linear 2, cubic 4; nearest 0; tap weights and the wider filter of antialias are not counted',
  cost: ({ x, y, attributes }) => {
    const resized = y.filter((size, axis) => size !== x[axis]).length
    return { flops: elements(y) * interpolation(attributes.string('mode', 'nearest'), resized) }
  },
  role: dataThenSettings,
  kernelClass: 'data-movement',
})

/**
 * x [N, C, D…], grid [N, D'…, r], y [N, C, D'…]: each element of y is interpolated over all r spatial axes.
 *
 * Turning a grid point into tap weights, once for all channels, is not counted.
 * @see https://onnx.ai/onnx/operators/onnx__GridSample.html
 */
const gridSample = rule(['GridSample'], {
  formula:
    'FLOPs |y| · 2 · t^r over r spatial axes, t taps an axis: linear 2, cubic 4; nearest 0; tap weights are not counted',
  cost: ({ x, y, attributes }) => ({
    flops: elements(y) * interpolation(attributes.string('mode', 'linear'), x.length - 2),
  }),
  role: dataThenSettings,
  kernelClass: 'data-movement',
})

/**
 * theta [N, r, r + 1], y [N, D…, r]: each point (d…, 1) of the grid is multiplied with theta. Writing the grid itself down is
 * not counted.
 * @see https://onnx.ai/onnx/operators/onnx__AffineGrid.html
 */
const affineGrid = rule(['AffineGrid'], {
  formula: 'MACs |y| · (r + 1) over r spatial axes',
  cost: ({ x, y }) => ({ macs: elements(y) * (x.at(-1) ?? 1) }),
  role: dataThenSettings,
  kernelClass: 'matmul',
  operands: [0, 0],
})

export const resize = [resizing, gridSample, affineGrid]
