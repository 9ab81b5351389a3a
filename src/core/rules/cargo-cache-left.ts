import { cacheLeft, startsWith, verbOf } from './cacheLeft.ts';

const verbs = new Set(['build', 'b', 'install', 'fetch', 'test', 'check', 'run']);

export const cargoCacheLeft = cacheLeft({
  id: 'cargo-cache-left',
  title: 'Registry cache of Cargo',
  why: 'Cargo keeps the sources of all crates in `$CARGO_HOME/registry`. A program that is built does not need them. Best is to build in a stage of its own and copy the program; else remove the registry in the `RUN` that builds last, or mount a cache on it.',
  message: 'The sources of all crates stay in this layer. Build in a stage of its own, or remove them in the same RUN.',
  writes: (program) => (program.name === 'cargo' ? verbOf(program, verbs) : undefined),
  places: ['~/.cargo/registry', '/usr/local/cargo/registry'],
  variables: [['CARGO_HOME', 'registry']],
  isOff: (_program, _run, scene) => startsWith(scene, /\bcargo\b/),
  onlyWhereShipped: true,
  mend: {
    command: (program, run, scene) => {
      const inImage = scene.base.kind === 'image' && /(?:^|\/)rust$/.test(scene.base.reference.path);
      const home = run.variable(program, 'CARGO_HOME') ?? (inImage ? '/usr/local/cargo' : '~/.cargo');
      return /[^\w/.~-]/.test(home) ? undefined : `rm -rf ${home}/registry ${home}/git`;
    },
    title: 'Remove the registry of Cargo in this RUN',
    confidence: () => 'likely',
    neededBy: ({ programs }) => programs.some(({ name }) => name === 'cargo' || name === 'make'),
  },
});
