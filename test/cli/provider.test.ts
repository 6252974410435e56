import { expect, it } from 'vitest'
import { run } from './run.js'

const refused = (args: readonly string[]) =>
  run([...args], { env: { VK_ICD_FILENAMES: '/no/such/driver.json', NO_COLOR: '1' } })

it.each([['profile', 'mobilenet-v1:width=0.25,resolution=64'], ['calibrate']])(
  '%s without an adapter says so and leaves with 3',
  async (...command) => {
    const { code, stdout, stderr } = await refused([...command, '--provider', 'webgpu'])
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^flopgap: the webgpu provider finds no adapter: .+\n {2}.*docs\/gpu\.md.*--provider cpu\n$/)
  },
)

it('profile with a provider that onnxruntime does not have leaves with 2 and names those it has', async () => {
  const { code, stdout, stderr } = await refused(['profile', 'squeezenet', '--provider', 'gpu'])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/^flopgap: this build of onnxruntime has no provider "gpu"\n {2}It has: cpu, .*\n$/)
})
