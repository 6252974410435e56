import { elements } from '../../onnx/element-types.js'
import { rule } from './rule.js'

/**
 * Strings to strings, pieces of strings, or whether a pattern matches them.
 * @see https://onnx.ai/onnx/operators/onnx__StringNormalizer.html
 */
const strings = rule(['StringConcat', 'StringNormalizer', 'StringSplit', 'RegexFullMatch'], {
  formula: 'reads and writes text; no arithmetic on numbers',
  cost: 'free',
  role: () => 'setting',
  kernelClass: 'other',
})

/**
 * x [N, C], y [N, entries]: how often each n-gram occurs, as it is (TF), as 0 or 1 (IDF), or times a weight (IDF, TFIDF).
 * @see https://onnx.ai/onnx/operators/onnx__TfIdfVectorizer.html
 */
const tfIdfVectorizer = rule(['TfIdfVectorizer'], {
  formula: 'FLOPs |y| with mode IDF or TFIDF: multiplication with a weight; looking up n-grams is not counted',
  cost: ({ y, attributes }) => ({ flops: attributes.string('mode', 'TF') === 'TF' ? 0 : elements(y) }),
  role: () => 'setting',
  kernelClass: 'other',
})

export const text = [strings, tfIdfVectorizer]
