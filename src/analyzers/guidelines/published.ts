import type { Estimate, WidthSet } from '../../types.js'

/** Half of the last digit that the paper prints: of whole batches a second, and of tenths of images. */
const rounding: Readonly<Record<WidthSet, number>> = { gpu: 0.5, arm: 0.05 }

/** How many times as fast as `first` a published speed is, and what its last digit leaves open. */
export function publishedSpeed(first: number, speed: number, widths: WidthSet): Estimate {
  const half = rounding[widths]
  return {
    point: speed / first,
    lower: (speed - half) / (first + half),
    upper: (speed + half) / (first - half),
    confidenceLevel: 1,
  }
}
