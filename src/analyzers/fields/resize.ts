import { type FieldRule, reading, type Step } from './rule.js'
import type { Reading } from './seen.js'
import { greatestDivisor, type Span } from './window.js'

/** A place between two input positions, as a fraction of whole numbers: exact where a float would be off by one. */
interface Place {
  readonly over: number
  readonly under: number
}

/** Where output i of `to` lies among the inputs, `from` of which are as long as `to` outputs. */
type Placement = (output: number, from: number, to: number) => Place

const asymmetric: Placement = (output, from, to) => ({ over: output * from, under: to })
const halfPixel: Placement = (output, from, to) => ({ over: (2 * output + 1) * from - to, under: 2 * to })

/** @see https://onnx.ai/onnx/operators/onnx__Resize.html coordinate_transformation_mode */
const placements: Readonly<Record<string, Placement>> = {
  asymmetric,
  align_corners: asymmetric, // between the corners, of which there is one less
  half_pixel: halfPixel,
  half_pixel_symmetric: halfPixel, // the same where sizes are a multiple of the scale, as is asked for here
  pytorch_half_pixel: halfPixel,
}

const floor = ({ over, under }: Place, ahead = 0): number => Math.floor((over + ahead * under) / under)
const ceil = ({ over, under }: Place): number => Math.ceil(over / under)
const twice = ({ over, under }: Place): Place => ({ over: 2 * over - under, under: 2 * under })

const nearest: Readonly<Record<string, (place: Place) => number>> = {
  floor,
  ceil,
  round_prefer_floor: (place) => ceil(twice(place)),
  round_prefer_ceil: ({ over, under }) => floor({ over: 2 * over + under, under: 2 * under }),
}

/** The inputs that an output at a place is made of: one, the two or the four around it; null for modes not known. */
function taken(mode: string, rounding: string): ((place: Place) => Span) | null {
  if (mode === 'nearest') {
    const round = nearest[rounding]
    return round === undefined ? null : (place) => ({ start: round(place), end: round(place) + 1 })
  }
  const beyond = mode === 'linear' || mode === 'bilinear' ? 0 : mode === 'cubic' ? 1 : null
  if (beyond === null) return null
  return (place) => {
    const between = Number.isInteger(place.over / place.under) ? 0 : beyond
    return { start: floor(place) - between, end: ceil(place) + between + 1 }
  }
}

/** What the mode says of one axis; `from` inputs are as long as `to` outputs. */
function resized(step: Step, axis: number, modes: { placement: string; rounding: string }): Reading {
  const [before, after] = [step.x[axis] ?? 0, step.y[axis] ?? 0]
  const place = placements[modes.placement]
  const take = taken(step.attributes.string('mode', 'nearest'), modes.rounding)
  if (before === after && scaleOf(step, axis, before, after)) return 'same'
  if (place === undefined || take === null || !scaleOf(step, axis, before, after)) return 'unknown'
  const corners = modes.placement === 'align_corners' ? 1 : 0
  if (after - corners < 1 || before - corners < 1) return 'unknown'
  const shared = greatestDivisor(before - corners, after - corners)
  const [from, to] = [(before - corners) / shared, (after - corners) / shared]
  return { up: to, down: from, sources: (output) => take(place(output, from, to)) }
}

/** Whether the scale is that of the sizes; another is one that does not divide them, or is not known. */
function scaleOf(step: Step, axis: number, before: number, after: number): boolean {
  const sized = step.inputs[3] !== undefined
  if (sized) return true
  const scales = step.attributes.floats('scales') ?? step.constant(step.inputs.length > 2 ? 2 : 1)
  const scale = scales?.[scales.length === step.x.length ? axis : axis - (step.x.length - scales.length)]
  return scale !== undefined && Math.abs(scale * before - after) < 1e-3
}

const resize: FieldRule = reading(['Resize'], (step, axis) => {
  const { attributes, opset } = step
  const sized = attributes.string('keep_aspect_ratio_policy', 'stretch')
  if (attributes.int('antialias', 0) === 1 || attributes.ints('axes') !== undefined || sized !== 'stretch') {
    return 'unknown'
  }
  // opset 10 has neither: as Upsample
  if (opset < 11) return resized(step, axis, { placement: 'asymmetric', rounding: 'floor' })
  const placement = attributes.string('coordinate_transformation_mode', 'half_pixel')
  return resized(step, axis, { placement, rounding: attributes.string('nearest_mode', 'round_prefer_floor') })
})

/** Opset 9 and before: output i of a scale s is at i / s, and nearest is what is before it. */
const upsample: FieldRule = reading(['Upsample'], (step, axis) =>
  resized(step, axis, { placement: 'asymmetric', rounding: 'floor' }),
)

export const resizing = [resize, upsample]
