import { describe, expect, it } from 'vitest'
import { visible } from '../../../src/report/format.js'
import { annotations } from '../../../src/report/gate/annotations.js'
import type { GateReport } from '../../../src/types.js'
import { check, failing, hostile, report, slower, unjudged, withName } from './reports.js'

interface Command {
  readonly level: string
  readonly title: string
  readonly message: string
}

/** What GitHub's runner makes of a line, by its ActionCommand.cs. */
function commandOf(line: string): Command {
  const [, level = '', title = '', message = ''] = /^::(\w+) title=([^,:]*)::(.*)$/.exec(line) ?? []
  expect([line, level]).not.toContain('')
  const data = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
  const property = data(title.replaceAll('%3A', ':').replaceAll('%2C', ','))
  return { level, title: property, message: data(message) }
}

const of = (one: GateReport): Command[] => annotations(one).split('\n').filter(Boolean).map(commandOf)

describe('annotations', () => {
  it('are errors, then warnings, then notices, with the cause in each', () => {
    expect(of(report()).map(({ level, title }) => [level, title])).toEqual([
      ['error', 'flopgap gate, net: macs'],
      ['error', 'flopgap gate, net: latency'],
      ['warning', 'flopgap gate, net: params'],
      ['notice', 'flopgap gate, net: kernels'],
    ])
    expect(of(report())[0]?.message.split('\n')).toEqual([
      failing().message,
      'try: flopgap baseline update, if it is meant.',
      '+ head/extra (Conv) +2,048',
    ])
  })

  it('are none of what is switched off', () => {
    expect(annotations(report({ checks: [failing({ level: 'off' })] }))).toBe('')
  })

  it('are none where all just passed', () => {
    expect(annotations(report({ verdict: 'passed', checks: [check()] }))).toBe('')
  })

  it('say why nothing could be judged', () => {
    expect(of(unjudged)).toEqual([
      {
        level: 'error',
        title: 'flopgap gate, could not judge',
        message: 'there is no file old.onnx\nGive the model to compare with.',
      },
    ])
  })

  it('make an error of what cannot be told only where it fails', () => {
    const undecided = report({ verdict: 'inconclusive', checks: [{ ...slower, verdict: 'inconclusive' }] })
    expect(of(undecided).map(({ level }) => level)).toEqual(['warning'])
    expect(of({ ...undecided, strict: true }).map(({ level }) => level)).toEqual(['error'])
  })

  it('have no error where the failure is expected, and one where it is missing', () => {
    expect(of(report({ expectFail: true })).map(({ level }) => level)).not.toContain('error')
    expect(of(report({ expectFail: true, verdict: 'passed', checks: [check()] })).map(({ level }) => level)).toEqual([
      'error',
    ])
  })

  it('are ten at most, failing ones first, and say how many more there are', () => {
    const warned = Array.from({ length: 9 }, (_, i) => failing({ model: `w${i}`, level: 'warn' }))
    const failed = Array.from({ length: 8 }, (_, i) => failing({ model: `f${i}` }))
    const ten = of(report({ checks: [...warned.slice(0, 2), ...failed] }))
    expect(ten.map(({ level }) => level)).toEqual([...Array(8).fill('error'), 'warning', 'warning'])
    const many = of(report({ checks: [...warned, ...failed] }))
    expect(many.map(({ level }) => level)).toEqual([...Array(8).fill('error'), 'warning', 'warning'])
    expect(many.at(-1)?.title).toBe('flopgap gate, 8 more')
    const errors = of(report({ checks: [...failed, ...failed] }))
    expect([errors.length, errors.at(-1)?.level, errors.at(-1)?.title]).toEqual([10, 'error', 'flopgap gate, 7 more'])
  })

  it.each(Object.entries(hostile))('stay one command each with a hostile name: %s', (_, name) => {
    const commands = of(withName(name))
    expect(commands.map(({ level }) => level)).toEqual(['error', 'error', 'warning'])
    for (const { title, message } of commands) {
      expect([title, ...message.split('\n')].join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u)
      expect(title.length).toBeLessThanOrEqual(200)
      expect(message.length).toBeLessThan(5000)
    }
    if (name.length < 100)
      expect(commands[1]?.message.split('\n').slice(0, 2)).toEqual([visible(name), `try: ${visible(name)}`])
  })
})
