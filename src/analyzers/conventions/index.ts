import { condensenet } from './condensenet.js'
import type { Convention } from './convention.js'
import { flops } from './flops.js'
import { fvcore } from './fvcore.js'
import { he2015 } from './he-2015.js'
import { macsConvention } from './macs.js'
import { mobilenet } from './mobilenet.js'
import { onnxTool } from './onnx-tool.js'
import { ptflops } from './ptflops.js'
import { senet } from './senet.js'
import { shufflenet } from './shufflenet.js'
import { thop } from './thop.js'
import { thop2020 } from './thop-2020.js'
import { timm } from './timm.js'
import { torch } from './torch.js'
import { torchvision } from './torchvision.js'

/** Every convention: ours, papers, tools; a new one is a file here, a line in this list and a row in docs/conventions.md. */
export const conventions: readonly Convention[] = [
  ...[macsConvention, flops],
  ...[he2015, mobilenet, shufflenet, senet, condensenet],
  ...[torchvision, timm, fvcore, torch, thop, thop2020, ptflops, onnxTool],
]
