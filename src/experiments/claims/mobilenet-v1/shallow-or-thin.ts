import { counted } from '../claim.js'
import { printed } from '../expected.js'
import { mobilenetV1 } from '../papers.js'

const [thin, shallow] = ['mobilenet-v1:width=0.75', 'mobilenet-v1:depth=shallow']

export const shallowOrThin = counted({
  id: 'shallow-or-thin',
  claim: 'Without its five equal layers MobileNet is as large as at width 0.75',
  paper: mobilenetV1,
  where: 'section 4.1, Table 5',
  says: 'shallow: 307 M mult-adds and 2.9 M parameters; thin: 325 M and 2.6 M',
  how: 'both networks counted',
  counts: [thin, shallow],
  figures: [
    { name: 'MACs, shallow', unit: 'M', expected: printed('307'), found: ({ macs }) => macs(shallow) / 1e6 },
    { name: 'MACs, thin', unit: 'M', expected: printed('325'), found: ({ macs }) => macs(thin) / 1e6 },
    { name: 'params, shallow', unit: 'M', expected: printed('2.9'), found: ({ params }) => params(shallow) / 1e6 },
    { name: 'params, thin', unit: 'M', expected: printed('2.6'), found: ({ params }) => params(thin) / 1e6 },
  ],
})
