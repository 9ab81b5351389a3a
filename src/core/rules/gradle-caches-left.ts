import { cacheLeft, startsWith } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';

export const gradleCachesLeft = cacheLeft({
  id: 'gradle-caches-left',
  title: 'Caches of Gradle',
  why: 'Gradle keeps dependencies, its own distribution and build caches in `~/.gradle`. The packaged program does not need them. Best is to build in a stage of its own and copy the archive; else remove the folder in the `RUN` that builds last, or mount a cache on it.',
  message: 'The caches of Gradle stay in this layer. Build in a stage of its own, or remove them in the same RUN.',
  writes: (program) =>
    /^gradlew?$/.test(program.name) && !hasArgument(program, /^(?:--version|-v|--help|-h)$/)
      ? program.nameWord
      : undefined,
  places: ['~/.gradle', '~/.gradle/caches'],
  variables: [['GRADLE_USER_HOME', '']],
  isOff: (_program, _run, scene) => startsWith(scene, /\bgradlew?\b/),
  onlyWhereShipped: true,
  mend: {
    command: (program, run) => {
      const home = run.variable(program, 'GRADLE_USER_HOME') ?? '~/.gradle';
      return /[^\w/.~-]/.test(home) ? undefined : `rm -rf ${home}`;
    },
    title: 'Remove the caches of Gradle in this RUN',
    confidence: () => 'likely',
    neededBy: ({ programs }) => programs.some(({ name }) => /^(?:gradle|gradlew|make)$/.test(name)),
  },
});
