/** A change of a graph that can be spliced into its file: all that it does not name stays as it is, byte by byte. */
export interface GraphEdit {
  /** Indices of nodes that go. */
  readonly removedNodes: readonly number[]
  /** New names of a node's inputs, by its index. */
  readonly inputs: ReadonlyMap<number, readonly string[]>
  /** New names of a node's outputs, by its index. */
  readonly outputs: ReadonlyMap<number, readonly string[]>
  /** Weights to add: how their values follow from the file's own. */
  readonly added: readonly FoldedWeight[]
  /** Names of weights that are graph inputs too, and are to be weights alone. */
  readonly fixedWeights: readonly string[]
}

/** Names of a BatchNormalization's four weights, and its epsilon. */
export interface NormalizationWeights {
  readonly scale: string
  readonly bias: string
  readonly mean: string
  readonly variance: string
  readonly epsilon: number
}

/**
 * A weight into which a normalization is folded: with s = scale / √(variance + epsilon) and t = bias − mean · s,
 * `scaled-outputs` is w · s by output channel, `shifted-bias` b · s + t; of a layer behind the normalization,
 * `scaled-inputs` is w · s by input channel and `input-bias` b + Σ w · t.
 */
export interface FoldedWeight {
  readonly name: string
  readonly dims: readonly number[]
  readonly kind: 'scaled-outputs' | 'shifted-bias' | 'scaled-inputs' | 'input-bias'
  /** The weight that is folded; null for a bias that there was not. */
  readonly weight: string | null
  /** Of `input-bias`: the filters that the shifts come through; null for others. */
  readonly through: string | null
  /** Of the layer's filters. */
  readonly filterDims: readonly number[]
  /** Of a transposed convolution, whose filters have the input's channels first. */
  readonly isTransposed: boolean
  readonly group: number
  readonly normalization: NormalizationWeights
}
