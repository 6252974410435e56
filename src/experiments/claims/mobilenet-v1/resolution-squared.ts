import { counted } from '../claim.js'
import { nearly } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

const resolutions = [192, 160, 128] as const
const specOf = (resolution: number) => `mobilenet-v1:resolution=${resolution}`

export const resolutionSquared = counted({
  id: 'resolution-squared',
  claim: 'A resolution multiplier scales computation by its square',
  paper: mobilenetV1,
  where: 'section 3.4, Table 7',
  says: 'by ρ²: 569, 418, 290 and 186 M mult-adds at 224, 192, 160 and 128 pixels',
  how: 'MACs at each resolution over those at 224',
  counts: ['mobilenet-v1', ...resolutions.map(specOf)],
  figures: resolutions.map((resolution) => ({
    name: `MACs at ${resolution}`,
    unit: 'x',
    expected: nearly((resolution / 224) ** 2),
    found: ({ macs }) => macs(specOf(resolution)) / macs('mobilenet-v1'),
  })),
})
