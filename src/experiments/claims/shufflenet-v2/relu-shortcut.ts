import { g4 } from '../../guidelines/g4.js'
import { measured } from '../claim.js'
import { rising } from '../evidence.js'
import { between } from '../expected.js'
import { rowLabel, widthSets } from '../models/guideline-rows.js'
import { shufflenetV2 } from '../papers.js'
import { g4Set } from '../sets.js'

const [whole] = g4.rows
const bare = g4.rows.find(({ variant }) => variant === 'neither') ?? whole

export const reluShortcut = measured({
  id: 'relu-shortcut',
  claim: 'Without ReLU and shortcut a bottleneck is about 20 % faster',
  paper: shufflenetV2,
  where: 'section 2, Table 4',
  says: 'around 20 %; 2427 and 2842 batches/s on a GPU, 56.7 and 66.3 images/s on ARM',
  how: "ten of ResNet's bottlenecks at 56 x 56 pixels with and without both, by turns, at the widths of both experiments",
  set: g4Set,
  figures: widthSets.map((widths) => ({
    name: `speed gained, ${widths.toUpperCase()} widths`,
    unit: '%',
    expected: between(10, 30, 'about 20 %: nearer to it than to nothing, and as far above', 20),
    found: ({ time }) =>
      rising(time(rowLabel(g4, whole, widths), { over: rowLabel(g4, bare, widths) }), (ratio) => 100 * (ratio - 1)),
  })),
})
