// The arrows of docs/architecture.md: each folder may import only what stands in its row.
const allowed = {
  'src/core': [],
  'src/metrics': ['src/core'],
  'src/dataset': ['src/core'],
  'src/features': ['src/core'],
  'src/onnx': ['src/core'],
  'src/bundle': ['src/core', 'src/features'],
  'src/tags': ['src/core', 'src/dataset', 'src/features'],
  'src/runtime': ['src/core', 'src/features', 'src/bundle', 'src/tags'],
  teacher: ['src/core', 'src/dataset', 'src/tags'],
  student: [
    'src/core',
    'src/metrics',
    'src/dataset',
    'src/features',
    'src/onnx',
    'src/bundle',
    'src/tags',
    'src/runtime',
  ],
  'src/evaluate': [
    'src/core',
    'src/metrics',
    'src/dataset',
    'src/features',
    'src/bundle',
    'src/tags',
    'src/runtime',
    'student',
  ],
};
const rows = Object.entries(allowed).map(([from, to]) => ({
  name: `arrows-${from.replace('/', '-')}`,
  comment: `${from} may import: ${to.join(', ') || 'nothing of the project'}`,
  severity: 'error',
  from: { path: `^${from}/` },
  to: { path: '^(src|teacher|student)/', pathNot: `^(${[from, ...to].join('|')})/` },
}));
module.exports = {
  forbidden: [
    ...rows,
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'runtime-stays-light',
      comment: 'A serving process loads no Arrow, no LLM client, no training code.',
      severity: 'error',
      from: { path: '^src/runtime/index.ts$' },
      to: {
        reachable: true,
        path: '(^|/)(apache-arrow|onnx-proto|parquet-wasm|openai|commander)/|^(src/(dataset|onnx|cli)|teacher|student)/',
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
