import { Command, CommanderError } from 'commander'
import { tell } from './commands/tell.js'
import { version } from './commands/version.js'
import { FlopgapError } from './errors.js'
import { unwritable } from './output.js'

type Register = (program: Command) => Command

/** Only the one that is asked for is loaded: starting takes no longer for there being many. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  profile: async () => (await import('./commands/profile.js')).profile,
  predict: async () => (await import('./commands/predict.js')).predict,
  compare: async () => (await import('./commands/compare.js')).compare,
  merge: async () => (await import('./commands/merge.js')).merge,
  analyze: async () => (await import('./commands/analyze.js')).analyze,
  lint: async () => (await import('./commands/lint.js')).lint,
  guidelines: async () => (await import('./commands/guidelines.js')).guidelines,
  claims: async () => (await import('./commands/claims.js')).claims,
  gate: async () => (await import('./commands/gate.js')).gate,
  baseline: async () => (await import('./commands/baseline.js')).baseline,
  diff: async () => (await import('./commands/diff.js')).diff,
  build: async () => (await import('./commands/build.js')).build,
  list: async () => (await import('./commands/list.js')).list,
  calibrate: async () => (await import('./commands/calibrate.js')).calibrate,
}

const usageError = 2
const internalError = 3

/** Runs the command line; the outcome is in `process.exitCode`. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // a reader that has seen enough, such as head, closes the pipe
    if (error.code !== 'EPIPE') process.exitCode = report(unwritable('to standard output', error))
  })
  // nobody can be told
  process.stderr.on('error', () => {})
  try {
    const asked = await program(argv[2])
    await asked.parseAsync([...argv])
  } catch (error) {
    process.exitCode = report(error)
    // whoever reads its last line finds one, also where it was called wrongly
    if (argv[2] === 'gate' && process.exitCode !== 0) process.stderr.write('verdict: error\n')
  }
}

/** The program with the command of that name, else with all, for its help and for errors. */
async function program(name = ''): Promise<Command> {
  const flopgap = new Command('flopgap')
    .description('Why does a network with so few FLOPs take so many milliseconds? Counts, runs, explains.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      'after',
      `
Examples:
  $ flopgap profile mobilenet-v2          the gap between theory and latency, explained
  $ flopgap profile model.onnx            the same for a file
  $ flopgap predict mobilenet-v2          its latency by the machine's calibration, without running it
  $ flopgap compare mobilenet-v2 resnet   theory beside reality for many models
  $ flopgap guidelines                    whether ShuffleNet V2's guidelines hold on this machine
  $ flopgap claims --counted              which of the papers' claims hold
  $ flopgap analyze resnet-50             what it costs, without running it
  $ flopgap lint model.onnx               where it goes against what papers teach, and the cost
  $ flopgap diff old.onnx new.onnx        what changed between two
  $ flopgap gate new.onnx --against old.onnx   whether it got slower or larger, for CI
  $ flopgap list                          what can be built

Exit codes: 0 done, 1 a check failed, 2 bad usage or input, 3 could not be done here, 4 could not be told (gate
--strict), 130 interrupted.`,
    )
  const wanted = Object.hasOwn(commands, name) ? [commands[name] as () => Promise<Register>] : Object.values(commands)
  for (const load of wanted) (await load())(flopgap)
  return flopgap
}

/** Tells the person what went wrong and what to do; returns the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    // the help is already shown where no command was given
    if (error.code === 'commander.help') return usageError
    const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ')
    tell(message, 'Add --help to a command to see what it takes.')
    return usageError
  }
  if (error instanceof FlopgapError) {
    tell(error.message, error.hint)
    return error.exitCode
  }
  const cause = error instanceof Error ? error : new Error(String(error))
  tell(`internal error: ${cause.message}`, 'This is a defect of flopgap. FLOPGAP_DEBUG=1 shows where it happened.')
  if (process.env.FLOPGAP_DEBUG) process.stderr.write(`${cause.stack}\n`)
  return internalError
}
