import type { Architecture } from './architecture.js'
import { mobilenetV1 } from './mobilenet-v1.js'
import { mobilenetV2 } from './mobilenet-v2.js'
import { resnet50, resnet101, resnet152 } from './resnet.js'

/** Every architecture flopgap builds; a new one is a file here and a line in this list. */
export const architectures: readonly Architecture[] = [mobilenetV1, mobilenetV2, resnet50, resnet101, resnet152]
