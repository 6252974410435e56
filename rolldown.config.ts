import { defineConfig } from 'rolldown'

/**
 * Few files, since Node takes a millisecond for each: what every command needs, what `analyze` needs beyond it, the other
 * commands, and the rest as it comes. Dependencies are bundled for the same reason; bench/startup.ts measures it. What
 * `core` holds may import nothing of `analysis`, or the two would wait for each other.
 */
const groups = [
  {
    name: 'analysis',
    test: new RegExp(
      'src/(' +
        'analyzers/(analyze|cost|coverage|leaves|liveness|traffic|warnings|weights)|' +
        'analyzers/ops/(activation|convolution|elementwise|index|matrix|movement|normalization|pooling|reduction|resize|rule)[.]|' +
        'pipeline/(index|open|analyze|costs|typed)|' +
        'runtime/(check-sizes|metadata|ort|refusals|shapes)|' +
        'onnx/(bind|body|constant|element-types|encode|fixed-shape|foldable|names|protobuf-limit|shape-model|slices|wire))',
    ),
    priority: 2,
  },
  {
    name: 'core',
    test: /rolldown|src\/(cli|commands\/(analyze|build|emit|list|options|tell|usage|version)|errors|interrupt|output|report\/(analysis|built|format|json|list|page)|models\/(?!write|values))|node_modules\/(commander|leven|ms)\//,
    priority: 1,
  },
  { name: 'commands', test: /src\/(commands\/(?!progress)|report\/gate\/index)/ },
]

const common = { platform: 'node', external: ['onnxruntime-node'] } as const

const output = {
  dir: 'dist',
  format: 'esm',
  comments: false,
  minify: { compress: false, mangle: true, codegen: { removeWhitespace: true } },
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
} as const

export default defineConfig([
  {
    ...common,
    input: { cli: 'src/cli.ts' },
    preserveEntrySignatures: 'allow-extension',
    output: { ...output, codeSplitting: { includeDependenciesRecursively: false, groups } },
  },
  { ...common, input: { index: 'src/index.ts' }, output: { ...output, codeSplitting: false } },
  { ...common, input: { worker: 'src/runtime/worker.ts' }, output: { ...output, codeSplitting: false } },
])
