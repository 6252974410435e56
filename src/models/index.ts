import { alexnet } from './alexnet.js'
import type { Architecture } from './architecture.js'
import { condenseNets } from './condensenet-depths.js'
import { densenet121 } from './densenet-121.js'
import { googlenet } from './googlenet.js'
import { inceptionV3 } from './inception-v3.js'
import { mobilenetV1 } from './mobilenet-v1.js'
import { mobilenetV2 } from './mobilenet-v2.js'
import { resnet50, resnet101, resnet152 } from './resnet.js'
import { resnext50, resnext101 } from './resnext.js'
import { seBnInception } from './se-bn-inception.js'
import { seMobilenetV1 } from './se-mobilenet-v1.js'
import { seResnet50, seResnet101, seResnet152 } from './se-resnet.js'
import { seResnext50, seResnext101 } from './se-resnext.js'
import { seShuffleNetV1 } from './se-shufflenet-v1.js'
import { senet154 } from './senet-154.js'
import { shuffleNetV1 } from './shufflenet-v1.js'
import { shuffleNetV2 } from './shufflenet-v2.js'
import { seShuffleNetV2Depth164, shuffleNetV2Depth50 } from './shufflenet-v2-deep.js'
import { squeezenet } from './squeezenet.js'
import { ssdliteMobilenetV1, ssdliteMobilenetV2 } from './ssdlite-mobilenet.js'
import { vgg16 } from './vgg-16.js'
import { xception } from './xception.js'
import { yoloV2 } from './yolo-v2.js'

/** Every architecture flopgap builds; a new one is a file here and a line in this list. */
export const architectures: readonly Architecture[] = [
  xception,
  mobilenetV1,
  mobilenetV2,
  resnet50,
  resnet101,
  resnet152,
  resnext50,
  resnext101,
  shuffleNetV1,
  shuffleNetV2,
  shuffleNetV2Depth50,
  ...condenseNets,
  seResnet50,
  seResnet101,
  seResnet152,
  seResnext50,
  seResnext101,
  senet154,
  seBnInception,
  seMobilenetV1,
  seShuffleNetV1,
  seShuffleNetV2Depth164,
  alexnet,
  vgg16,
  googlenet,
  squeezenet,
  inceptionV3,
  densenet121,
  ssdliteMobilenetV1,
  ssdliteMobilenetV2,
  yoloV2,
]
