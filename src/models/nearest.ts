import type { Architecture } from './architecture.js'
import { Network, Unbuildable } from './builder.js'
import type { OptionValue } from './options.js'

type Values = Readonly<Record<string, OptionValue>>

/**
 * What to change of options that make no network, `scale=0.48`: each option alone, to its nearest values that do.
 *
 * Found by building: that takes a millisecond, and no rule need be written twice.
 */
export const nearestBuildable = (architecture: Architecture, values: Values): string[] =>
  Object.entries(architecture.options).flatMap(([key, option]) => {
    const directions = option.neighbours(values[key] ?? option.default)
    const nearest = directions.flatMap(
      (others) => others.find((value) => isBuildable(architecture, { ...values, [key]: value })) ?? [],
    )
    return nearest.map((value) => `${key}=${value}`)
  })

function isBuildable(architecture: Architecture, values: Values): boolean {
  try {
    architecture.build(new Network(), values)
    return true
  } catch (error) {
    if (error instanceof Unbuildable) return false
    throw error
  }
}
