import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { conventions } from '../../../src/analyzers/conventions/index.js'

const page = readFileSync(new URL('../../../docs/conventions.md', import.meta.url), 'utf8')
const rows = [...page.matchAll(/^\| `([a-z0-9-]+)` \| (.*) \| (.*) \| (.*) \| (.*) \|$/gm)]

it('the page has a row for each convention, in their order, with what it calls its figure', () => {
  expect(rows.map(([, name, , unit]) => [name, unit])).toEqual(conventions.map(({ name, unit }) => [name, unit]))
})

it('the page says of each what its params are', () => {
  const words = {
    trained: 'trained',
    'with-statistics': "with BatchNorm's statistics",
    weights: 'weights without biases and BatchNorm',
  }
  expect(rows.map(([, , , , params]) => params)).toEqual(conventions.map(({ params }) => words[params]))
})
