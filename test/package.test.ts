import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

describe('the packed package', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'flopgap-pack-'))
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' })
    const [archive = ''] = readdirSync(folder)
    execFileSync('tar', ['xzf', archive], { cwd: folder })
    // its dependencies, as an install would put them beside it
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it('runs from where it is unpacked', () => {
    const out = execFileSync(process.execPath, ['package/bin/flopgap.js', 'analyze', 'mobilenet-v1'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect(out).toContain('568,740,352')
  })

  it('gives a typed library', () => {
    writeFileSync(
      join(folder, 'package/use.mts'),
      `import { analyze, build, FlopgapError, load, profile, write, type GapReport } from 'flopgap'
      const { totals } = await analyze(build('mobilenet-v2'))
      const macs: number = totals.macs
      const report: (path: string) => Promise<GapReport> = (path) => profile(load(path), { threads: 2 })
      export { FlopgapError, macs, report, write }`,
    )
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--skipLibCheck', 'false']
    expect(() =>
      execFileSync(process.execPath, ['../node_modules/typescript/bin/tsc', ...options, 'use.mts'], {
        cwd: join(folder, 'package'),
        encoding: 'utf8',
      }),
    ).not.toThrow()
  })

  it('has no files that wait for each other', () => {
    const imports = new Map(
      readdirSync(join(root, 'dist'))
        .filter((name) => name.endsWith('.js'))
        .map((name) => {
          const text = readFileSync(join(root, 'dist', name), 'utf8')
          return [name, [...text.matchAll(/\bfrom"\.\/([\w-]+\.js)"/g)].map(([, other = '']) => other)]
        }),
    )
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (imports.get(from) ?? []).some((next) => {
        if (next === to) return true
        if (seen.has(next)) return false
        seen.add(next)
        return reaches(next, to, seen)
      })
    expect([...imports.values()].flat().length).toBeGreaterThan(5)
    expect([...imports.keys()].filter((name) => reaches(name, name))).toEqual([])
  })

  it('holds what it needs and nothing of the workshop', () => {
    const top = readdirSync(join(folder, 'package')).filter((name) => name !== 'use.mts')
    expect(top.sort()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin',
      'dist',
      'docs',
      'package.json',
      'schema',
    ])
  })
})
