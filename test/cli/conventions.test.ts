import { describe, expect, it } from 'vitest'
import { conventions } from '../../src/analyzers/conventions/index.js'
import { run } from './run.js'

const names = conventions.map(({ name }) => name)

async function jsonOf(...args: string[]) {
  const { stdout, stderr, code } = await run(['analyze', ...args, '--format', 'json'])
  expect([stderr, code]).toEqual(['', 0])
  return JSON.parse(stdout)
}

describe('--reconcile', () => {
  it('shows ResNet-50 at 3.86, 4.09, 4.11 and 4.13 G, line by line', async () => {
    const { stdout, code } = await run(['analyze', 'resnet-50', '--reconcile'])
    expect(code).toBe(0)
    const table = stdout.slice(stdout.indexOf('  convention'), stdout.indexOf('\n\n  published:'))
    const lines = table.split('\n')
    expect(lines.every((line) => line.length <= 100)).toBe(true)
    expect(lines).toContain('  macs              4.09 G MACs           ours')
    expect(lines).toContain('  he-2015          3.86 G FLOPs   -231 M  stride in 1 x 1')
    expect(lines).toContain('  torchvision      4.09 G FLOPs           as ours')
    const at = lines.indexOf('  fvcore           4.11 G FLOPs  +22.3 M  in all')
    expect(lines.slice(at + 1, at + 3)).toEqual([
      '                                 +22.2 M  BatchNorm',
      '                                  +100 k  GlobalAveragePool',
    ])
    const thop = lines.indexOf('  thop              4.13 G MACs  +44.6 M  in all')
    expect(lines[thop + 1]).toBe('                                 +44.5 M  BatchNorm')
    expect(lines.at(-1)).toMatch(/^ {2}published +4\.089 G +pytorch\/vision/)
  })

  it('gives the same as JSON, beside what analyze always gives', async () => {
    const [plain, both] = await Promise.all([jsonOf('resnet-50'), jsonOf('resnet-50', '--reconcile')])
    const { reconciliation, ...rest } = both
    expect(rest).toEqual(plain)
    expect(reconciliation.map(({ name }: { name: string }) => name)).toEqual(names)
    expect(reconciliation.find(({ name }: { name: string }) => name === 'thop')).toEqual({
      name: 'thop',
      title: 'thop 0.1.1.post2209072238, profile',
      unit: 'MACs',
      source: 'https://github.com/Lyken17/pytorch-OpCounter/blob/43c064a/thop/vision/basic_hooks.py',
      total: 4133742592,
      difference: 44558336,
      params: 25557032,
      byReason: [
        { reason: 'batch-norm', op: null, amount: 44455936, nodes: 53 },
        { reason: 'pooling', op: 'GlobalAveragePool', amount: 102400, nodes: 1 },
      ],
      assumed: [],
    })
  })

  it('with --all says where each stands', async () => {
    const { stdout } = await run(['analyze', 'mobilenet-v2', '--reconcile', '--all'])
    for (const { title, source } of conventions) {
      expect(stdout).toContain(title)
      expect(stdout).toContain(source)
    }
  })
})

describe('--convention', () => {
  it('shows a convention in full, by operator and with --all by layer', async () => {
    const { stdout, code } = await run(['analyze', 'resnet-50:version=1', '--convention', 'torchvision', '--all'])
    expect(code).toBe(0)
    expect(stdout).toContain('  torchvision     4.09 G   4,089,184,256 FLOPs\n')
    expect(stdout).toMatch(/^ {2}stride in 3 x 3 {2}\+231 M {6}3$/m)
    expect(stdout).toMatch(/^ {2}Conv +53 +3\.86 G +4\.09 G$/m)
    // 128 · 256 at 28 x 28 as built, at 56 x 56 as torchvision has it
    expect(stdout).toMatch(/^ {2}\S+ +Conv +25\.7 M +103 M$/m)
  })

  it('gives it as JSON, every layer too', async () => {
    const { convention, layers, totals } = await jsonOf('vgg-16', '--convention', 'shufflenet')
    expect(convention).toMatchObject({ name: 'shufflenet', unit: 'FLOPs', total: 15346630656 })
    expect(convention.byReason).toEqual([{ reason: 'fully-connected', op: null, amount: -123633664, nodes: 3 }])
    expect(convention.total - convention.difference).toBe(totals.macs)
    expect(convention.layers.map(({ name }: { name: string }) => name)).toEqual(
      layers.map(({ name }: { name: string }) => name),
    )
  })

  it('names the nearest of a name that is none, and leaves with 2', async () => {
    const { stdout, stderr, code } = await run(['analyze', 'resnet-50', '--convention', 'fvcor'])
    expect([stdout, code]).toEqual(['', 2])
    expect(stderr).toMatch(/^flopgap: there is no convention "fvcor"; did you mean fvcore\?\n/)
    for (const name of names) expect(stderr).toContain(name)
  })

  it('is explained by --help, which has every name', async () => {
    const { stdout } = await run(['analyze', '--help'])
    expect(stdout.replace(/\s+/g, ' ')).toContain(`count as a paper or a tool does: ${names.join(', ')}`)
  })
})
