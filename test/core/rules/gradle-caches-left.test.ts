import { gradleCachesLeft } from '../../../src/core/rules/gradle-caches-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(gradleCachesLeft, {
  base: 'FROM gradle:8',
  finds: [
    ['RUN gradle build', 'gradle build'],
    ['RUN ./gradlew build', './gradlew build'],
  ],
  leaves: [
    'RUN gradle build && rm -rf ~/.gradle',
    'RUN --mount=type=cache,target=/home/gradle/.gradle gradle build',
    'ENV GRADLE_USER_HOME=/g\nRUN --mount=type=cache,target=/g gradle build',
    'RUN gradle build\nCMD ["./gradlew", "bootRun"]',
    'RUN gradle build\nFROM scratch',
  ],
});
