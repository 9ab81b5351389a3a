import { cacheLeft, startsWith } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';

export const mavenRepositoryLeft = cacheLeft({
  id: 'maven-repository-left',
  title: 'Local repository of Maven',
  why: 'Maven keeps every artifact and plugin that a build asks for in `~/.m2/repository`. The packaged program does not need it. Best is to build in a stage of its own and copy the archive; else remove the repository in the `RUN` that builds last, or mount a cache on `~/.m2`.',
  message:
    'The local repository of Maven stays in this layer. Build in a stage of its own, or remove it in the same RUN.',
  writes: (program) =>
    /^(?:mvn|mvnw|mvnd)$/.test(program.name) &&
    !hasArgument(program, /^(?:--version|-v|--help|-h)$|^-Dmaven\.repo\.local=/)
      ? program.nameWord
      : undefined,
  places: ['~/.m2/repository'],
  isOff: (_program, _run, scene) => startsWith(scene, /\bmvnw?\b/),
  onlyWhereShipped: true,
  mend: {
    command: () => 'rm -rf ~/.m2/repository',
    title: 'Remove the local repository in this RUN',
    confidence: () => 'likely',
    neededBy: ({ programs }) => programs.some(({ name }) => /^(?:mvn|mvnw|mvnd|make)$/.test(name)),
  },
});
