import { cacheDetector } from './places.ts';

export const mavenRepository = cacheDetector({
  id: 'maven-repository',
  title: 'Local repository of Maven',
  why: 'Downloaded artifacts from which the program was built. A packaged program has its own copies.',
  places: { anywhere: ['.m2/repository', '.m2/wrapper'], variables: [['MAVEN_CONFIG', 'repository']] },
  advice: 'Build in a stage of its own and copy the archive out, or `RUN --mount=type=cache,target=/root/.m2`.',
  readBy: ['mvn', 'mvnw', 'mvnd'],
});
