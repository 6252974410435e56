/**
 * How often does the gate fail without cause, and how often does it find a slowdown? Whole gates of a network of equal blocks
 * beside itself, and beside one with a tenth or a twentieth fewer: `npm run bench:gate -- RESULTS.jsonl CASE COUNT`, with a
 * CASE of the list below. What RESULTS holds is not measured again; without a CASE its rates are printed.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from 'simple-statistics'
import { writeModel } from '../src/models/write.js'
import { NumberedNetwork } from '../src/runtime/calibration/numbered.js'
import { root } from './runs.js'

interface Case {
  /** Blocks of the candidate; the old model has 20. */
  readonly blocks: number
  readonly threshold: string
  readonly isLoaded: boolean
}

const cases: Readonly<Record<string, Case>> = {
  same: { blocks: 20, threshold: '5%', isLoaded: false },
  'same-loaded': { blocks: 20, threshold: '5%', isLoaded: true },
  'tenth-slower': { blocks: 22, threshold: '5%', isLoaded: false },
  'tenth-slower-loaded': { blocks: 22, threshold: '5%', isLoaded: true },
  'twentieth-slower': { blocks: 21, threshold: '3%', isLoaded: false },
}

interface Gate {
  readonly case: string
  readonly verdict: string
  readonly reason: string | null
  readonly ratio: number
  readonly pairs: number
  readonly launches: number
  readonly seconds: number
}

const [results = 'gate.jsonl', name, count = '1'] = process.argv.slice(2)

if (name !== undefined) await measure(name, cases[name] as Case, Number(count))
report()

async function measure(name: string, wanted: Case, count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'flopgap-gate-'))
  const load = wanted.isLoaded ? startLoad() : undefined
  try {
    await network(20, join(folder, 'old.onnx'))
    await network(wanted.blocks, join(folder, 'new.onnx'))
    // what is counted differs, too
    const off = Object.fromEntries(
      ['macs', 'flops', 'params', 'bytes', 'kernels', 'modelBytes'].map((id) => [id, 'off']),
    )
    writeFileSync(join(folder, 'flopgap.config.json'), JSON.stringify({ gate: { levels: off } }))
    for (let done = gates().filter((gate) => gate.case === name).length; done < count; done++) {
      appendFileSync(results, `${JSON.stringify(one(name, wanted, folder))}\n`)
    }
  } finally {
    load?.kill()
    rmSync(folder, { recursive: true })
  }
}

function one(name: string, { threshold }: Case, folder: string): Gate {
  const start = performance.now()
  const args = ['gate', 'new.onnx', '--against', 'old.onnx', '--threshold', threshold, '--format', 'json']
  const { stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin/flopgap.js'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const report = JSON.parse(stdout)
  const [evidence] = report.latency
  if (evidence === undefined) throw new Error(`nothing was measured: ${stderr}`)
  const { reason, ratio, pairs, launches } = evidence
  const seconds = (performance.now() - start) / 1000
  return { case: name, verdict: report.verdict, reason, ratio: ratio.point, pairs, launches, seconds }
}

/** Blocks that all cost the same. */
async function network(blocks: number, path: string): Promise<void> {
  const net = new NumberedNetwork()
  let x = net.input(1, 64, 28, 28)
  for (let block = 0; block < blocks; block++) x = net.relu(net.conv(x, { out: 64, kernel: 3 }))
  const y = net.globalAveragePool(x)
  await writeModel(net.finish(`${blocks} blocks`, `${blocks} blocks`, [y]), 0, path)
}

/** Arithmetic and memory traffic in bursts of up to 300 ms with pauses as long, as a neighbour on a shared machine. */
function startLoad(): ChildProcess {
  const busy = `process.on('disconnect', () => process.exit())
    const data = new Float64Array(1 << 22)
    const turn = () => {
      const end = performance.now() + 300 * Math.random()
      while (performance.now() < end) for (let i = 0; i < data.length; i += 8) data[i] = Math.sqrt(data[i] + i)
      setTimeout(turn, 300 * Math.random())
    }
    turn()`
  return spawn(process.execPath, ['-e', busy], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
}

function gates(): Gate[] {
  if (!existsSync(results)) return []
  return readFileSync(results, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}

function report(): void {
  for (const name of Object.keys(cases)) {
    const own = gates().filter((gate) => gate.case === name)
    if (own.length === 0) continue
    const of = (verdict: string) => own.filter((gate) => gate.verdict === verdict).length
    const ratios = own.map(({ ratio }) => ratio).sort((a, b) => a - b)
    const seconds = own.map((gate) => gate.seconds)
    console.log(
      `${name}: ${own.length} gates, ${of('regressed')} failed, ${of('inconclusive')} could not tell, ${of('passed')} passed, ${of('improved')} improved; ratio ${ratios[0]?.toFixed(3)} to ${ratios.at(-1)?.toFixed(3)}, median ${median(ratios).toFixed(3)}; ${median(seconds).toFixed(1)} s a gate, at most ${Math.max(...seconds).toFixed(1)} s`,
    )
  }
}
