import { counted } from '../claim.js'
import { roughly } from '../expected.js'
import { mobilenetV2 } from '../papers.js'
import { ssdlite, yolo } from './detectors.js'

export const ssdliteBesideYolo = counted({
  id: 'ssdlite-beside-yolo',
  claim: "SSDLite on MobileNet V2 has a tenth of YOLOv2's parameters and takes a twentieth of its MACs",
  paper: mobilenetV2,
  where: 'section 6.2, Table 6',
  says: '10 times smaller and 20 times more efficient; 4.3 M and 50.7 M parameters, 0.8 B and 17.5 B MAdds',
  how: 'both networks counted for COCO, YOLOv2 at 416 pixels',
  counts: [ssdlite, yolo],
  figures: [
    { name: 'params', unit: 'x', expected: roughly(10), found: ({ params }) => params(yolo) / params(ssdlite) },
    { name: 'MACs', unit: 'x', expected: roughly(20), found: ({ macs }) => macs(yolo) / macs(ssdlite) },
  ],
})
