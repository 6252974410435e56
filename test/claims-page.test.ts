import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { claims } from '../src/experiments/claims/index.js'
import { claimsPage, claimsText } from './claims-page.js'

describe('docs/claims.md', () => {
  it('is what npm run docs writes', () => {
    expect(readFileSync(claimsPage, 'utf8')).toBe(claimsText())
  })

  it('has a line for every claim', () => {
    const lines = claimsText().split('\n')
    for (const { id } of claims) expect(lines.filter((line) => line.startsWith(`| \`${id}\` |`))).toHaveLength(1)
  })
})
