import type { Architecture } from './architecture.js'
import { condenseNets } from './condensenet-depths.js'
import { mobilenetV1 } from './mobilenet-v1.js'
import { mobilenetV2 } from './mobilenet-v2.js'
import { resnet50, resnet101, resnet152 } from './resnet.js'
import { seShuffleNetV1 } from './se-shufflenet-v1.js'
import { shuffleNetV1 } from './shufflenet-v1.js'
import { shuffleNetV2 } from './shufflenet-v2.js'
import { seShuffleNetV2Depth164, shuffleNetV2Depth50 } from './shufflenet-v2-deep.js'
import { xception } from './xception.js'

/** Every architecture flopgap builds; a new one is a file here and a line in this list. */
export const architectures: readonly Architecture[] = [
  xception,
  mobilenetV1,
  mobilenetV2,
  resnet50,
  resnet101,
  resnet152,
  shuffleNetV1,
  seShuffleNetV1,
  shuffleNetV2,
  shuffleNetV2Depth50,
  seShuffleNetV2Depth164,
  ...condenseNets,
]
