/**
 * What one output of a layer may depend on along one axis of the input, in input pixels. The image is taken to go on
 * behind its borders, but for `inside`.
 */
export interface AxisReceptiveField {
  /**
   * From the first pixel to the last that the widest output sees through paths that keep positions apart; where there is
   * no such path, what all outputs see together. Null where it is not known.
   */
  readonly size: number | null
  /** Pixels from one output's field to the next, where outputs are in a row; null where not known, or all see the same. */
  readonly stride: number | null
  /**
   * The pixel that the first output's field begins with: negative where it hangs over the border, the effective padding
   * with its sign turned. Null where there is no first output.
   */
  readonly offset: number | null
  /** The most of the image that one output sees, through any path, in pixels. */
  readonly inside: number | null
  /** A path brings the same pixels to every output, as global pooling does; `size` leaves it out where there are others. */
  readonly global: boolean
}

export interface LayerReceptiveField {
  readonly name: string
  readonly op: string
  readonly output: string
  readonly outputShape: readonly number[] | null
  /** By spatial axis of the input. */
  readonly axes: readonly AxisReceptiveField[]
  /** Whether the field is another than that of each input. */
  readonly changed: boolean
}

/** What the layers of a network see of one input. */
export interface ReceptiveFields {
  readonly input: string
  readonly inputShape: readonly number[]
  /** Axes of the input that are its space: [2, 3] of [N, C, H, W]. */
  readonly spatialAxes: readonly number[]
  /** Every layer that depends on the input, in the file's order. */
  readonly layers: readonly LayerReceptiveField[]
  /** The last of the layers with the widest field, before positions are pooled or flattened; null where none has any. */
  readonly widest: LayerReceptiveField | null
  /** By graph output; no axes where an output does not depend on the input. */
  readonly outputs: readonly { readonly name: string; readonly axes: readonly AxisReceptiveField[] }[]
}
