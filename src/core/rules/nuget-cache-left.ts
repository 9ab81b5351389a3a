import { cacheLeft, startsWith, verbOf } from './cacheLeft.ts';

const verbs = new Set(['restore', 'build', 'publish', 'test', 'pack', 'add', 'tool', 'run']);
const watched = /\bdotnet\b["', ]+(?:run|watch|test)\b/;

export const nugetCacheLeft = cacheLeft({
  id: 'nuget-cache-left',
  title: 'Packages of NuGet',
  why: 'NuGet unpacks every package that a build asks for in `~/.nuget/packages` and keeps the archives beside. A published program has copies of what it needs. Best is to publish in a stage of its own and copy the output; else `dotnet nuget locals all --clear` in the `RUN` that builds last, or a cache mount on `~/.nuget/packages`.',
  message: 'The packages of NuGet stay in this layer. Publish in a stage of its own, or remove them in the same RUN.',
  writes: (program) => (program.name === 'dotnet' ? verbOf(program, verbs) : undefined),
  places: ['~/.nuget/packages', '~/.local/share/NuGet'],
  variables: [['NUGET_PACKAGES', '']],
  isOff: (program, _run, scene) =>
    program.args.some(({ value }) => value === '--no-restore') || startsWith(scene, watched),
  cleans: ({ name, args }) => name === 'dotnet' && args[0]?.value === 'nuget' && args[1]?.value === 'locals',
  onlyWhereShipped: true,
  mend: {
    command: () => 'dotnet nuget locals all --clear',
    title: 'Remove the packages of NuGet in this RUN',
    confidence: () => 'likely',
    neededBy: ({ programs }) => programs.some(({ name }) => name === 'dotnet' || name === 'make'),
  },
});
