import { cacheDetector } from './places.ts';

export const gradleCaches = cacheDetector({
  id: 'gradle-caches',
  title: 'Caches of Gradle',
  why: 'Downloaded artifacts, compiled scripts and whole Gradle distributions. A packaged program needs none.',
  places: {
    anywhere: ['.gradle/caches', '.gradle/wrapper', '.gradle/daemon', '.gradle/native', '.gradle/jdks'],
    variables: [
      ['GRADLE_USER_HOME', 'caches'],
      ['GRADLE_USER_HOME', 'wrapper'],
      ['GRADLE_USER_HOME', 'daemon'],
      ['GRADLE_USER_HOME', 'native'],
    ],
  },
  advice: 'Build in a stage of its own and copy the archive out, or `RUN --mount=type=cache,target=/root/.gradle`.',
  readBy: ['gradle', 'gradlew'],
});
