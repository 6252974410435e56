import { elementByElement, type FieldRule, fieldRule } from './rule.js'

/** Every operator that makes an element of one element of each input, besides those whose cost rule says so. */
export const elementwise: FieldRule = {
  ops: ['Identity', 'Cast', 'CastLike', 'QuantizeLinear', 'DequantizeLinear'],
  domain: '',
  seen: elementByElement,
}

/** Across channels or not at all: positions stay apart. BatchNormalization has its mean and variance from training. */
const inPlace = fieldRule(['BatchNormalization', 'LRN', 'Dropout'], ({ sees }) => sees)

/** Known before the run, or of the shape alone. */
const imageless: FieldRule = {
  ops: ['Shape', 'Size', 'ConstantOfShape', 'EyeLike', 'Constant', 'RandomNormalLike', 'RandomUniformLike'],
  domain: '',
  seen: () => null,
}

export const apart = [elementwise, inPlace, imageless]
