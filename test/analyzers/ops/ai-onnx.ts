/** The newest opset of ai.onnx that onnxruntime-node 1.30.0 says it supports. */
export const newestOpset = 26

const words = (text: string): string[] => text.trim().split(/\s+/)

/**
 * Every operator of ai.onnx at opset 26.
 * @see https://github.com/onnx/onnx/blob/v1.21.0/docs/Operators.md
 */
export const operators = words(`
  Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization
  Bernoulli BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu
  CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger
  ConvTranspose Cos Cosh CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout
  DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND
  Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization
  HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity If ImageDecoder InstanceNormalization IsInf
  IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax Loop LpNormalization LpPool MatMul
  MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul
  Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement
  OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization RNN RandomNormal
  RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp
  ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare RegexFullMatch Relu Reshape Resize
  ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements ScatterND Selu SequenceAt
  SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink Sigmoid
  Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split SplitToSequence
  Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Swish Tan Tanh TensorScatter TfIdfVectorizer
  ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
`)

/**
 * Operators that a node may have inside graphs of its own, which are counted instead.
 * @see https://github.com/onnx/onnx/blob/v1.21.0/docs/Operators.md
 */
export const controlFlow = ['If', 'Loop', 'Scan', 'SequenceMap']

/**
 * Operators that ai.onnx had and has deprecated: Upsample up to opset 9, Scatter up to 10.
 * @see https://github.com/onnx/onnx/blob/v1.21.0/docs/Changelog.md
 */
export const deprecated = ['Scatter', 'Upsample']

/**
 * Experimental operators of ai.onnx that onnxruntime still runs, up to opset 9.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/onnx_deprecated_operators.cc
 */
export const experimental = [
  'Affine',
  'Crop',
  'DynamicSlice',
  'ImageScaler',
  'ParametricSoftplus',
  'Scale',
  'ScaledTanh',
]

/** Experimental operators that onnxruntime knows and has no kernel for, so that no one can run them. */
export const withoutKernel = ['GRUUnit', 'GivenTensorFill']

/**
 * Operators that onnxruntime itself adds to ai.onnx.
 * @see https://github.com/microsoft/onnxruntime/blob/main/onnxruntime/core/graph/contrib_ops/contrib_defs.cc
 */
export const added = ['SimplifiedLayerNormalization']
