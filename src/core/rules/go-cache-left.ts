import { cacheLeft, startsWith, verbOf } from './cacheLeft.ts';

const verbs = new Set(['build', 'install', 'get', 'test', 'run', 'mod', 'generate', 'vet']);

export const goCacheLeft = cacheLeft({
  id: 'go-cache-left',
  title: 'Module and build cache of Go',
  why: 'Go keeps the sources of all modules in `$GOPATH/pkg/mod` and what it compiled in `~/.cache/go-build`. A program that is built needs neither. Best is to build in a stage of its own and copy the program; else `go clean -cache -modcache` in the `RUN` that builds last, or cache mounts on both.',
  message:
    'The module and build caches of Go stay in this layer. Build in a stage of its own, or remove them in the same RUN.',
  writes(program) {
    const verb = program.name === 'go' ? verbOf(program, verbs, /^-C$/) : undefined;
    if (verb?.value !== 'mod') return verb;
    return program.args.some(({ value }) => /^(?:download|tidy|vendor)$/.test(value ?? '')) ? verb : undefined;
  },
  places: ['~/go/pkg/mod', '/go/pkg/mod'],
  alongside: ['~/.cache/go-build'],
  variables: [
    ['GOMODCACHE', ''],
    ['GOPATH', 'pkg/mod'],
  ],
  isOff: (_program, _run, scene) => startsWith(scene, /\bgo\b["', ]+(?:run|test|build)\b|\bair\b/),
  cleans: ({ name, args }) =>
    name === 'go' && args[0]?.value === 'clean' && args.some(({ value }) => value === '-modcache'),
  onlyWhereShipped: true,
  mend: {
    command: () => 'go clean -cache -modcache',
    title: 'Remove the caches of Go in this RUN',
    confidence: () => 'likely',
    neededBy: ({ programs }) => programs.some(({ name }) => name === 'go' || name === 'make'),
  },
});
