import type { Convention } from './convention.js'
import { fvcore } from './fvcore.js'

/**
 * The GMACs of timm's result tables, which its benchmark.py takes from fvcore. Where a timm model pools by `x.mean`, as in
 * its SE blocks, fvcore does not see it.
 */
export const timm: Convention = {
  ...fvcore,
  name: 'timm',
  title: 'timm 1.0.31, benchmark.py and its result tables',
  unit: 'MACs',
  source: 'https://github.com/huggingface/pytorch-image-models/blob/main/benchmark.py',
}
