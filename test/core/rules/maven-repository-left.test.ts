import { mavenRepositoryLeft } from '../../../src/core/rules/maven-repository-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(mavenRepositoryLeft, {
  base: 'FROM maven:3',
  finds: [
    ['RUN mvn package', 'mvn package'],
    ['RUN ./mvnw -B verify', './mvnw -B verify'],
  ],
  leaves: [
    'RUN mvn package && rm -rf ~/.m2',
    'RUN --mount=type=cache,target=/root/.m2 mvn package',
    'RUN mvn package\nCMD mvn spring-boot:run',
    'RUN mvn -Dmaven.repo.local=/r package',
    'RUN mvn --version',
    'RUN mvn package\nFROM scratch',
  ],
});
