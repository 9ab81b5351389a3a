import { expect, it } from 'vitest';
import { jreFits } from '../../../src/core/rules/jre-fits.ts';
import { checkRule, findingsOf } from '../../helpers/rules.ts';

checkRule(jreFits, {
  base: '# Java',
  finds: [
    ['FROM eclipse-temurin:21-jdk\nCMD ["java", "-jar", "/a.jar"]', 'eclipse-temurin:21-jdk'],
    ['FROM eclipse-temurin:21', 'eclipse-temurin:21'],
    ['FROM eclipse-temurin:21-jdk-alpine AS run\nRUN adduser -D app', 'eclipse-temurin:21-jdk-alpine'],
    [
      'FROM maven:3 AS build\nRUN mvn package\nFROM eclipse-temurin:21-jdk\nCOPY --from=build /a /a',
      'eclipse-temurin:21-jdk',
    ],
  ],
  leaves: [
    'FROM eclipse-temurin:21-jre',
    'FROM eclipse-temurin:21-jdk\nRUN javac A.java',
    'FROM eclipse-temurin:21-jdk\nRUN ./mvnw package',
    'FROM eclipse-temurin:21-jdk AS a\nFROM a\nRUN jlink --output /jre',
    'FROM eclipse-temurin:21-jdk\nENTRYPOINT jstack 1',
    'FROM eclipse-temurin:21-jdk\nCMD java -agentlib:jdwp=transport=dt_socket A',
    // A stage that only builds.
    'FROM eclipse-temurin:21-jdk AS build\nFROM eclipse-temurin:21-jre\nCOPY --from=build /a /a',
    'FROM eclipse-temurin:21-jdk@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'FROM amazoncorretto:21',
    'FROM python:3.13',
    '# plimsoll-ignore jre-fits\nFROM eclipse-temurin:21-jdk',
  ],
});

it('names the JRE of the same distribution, with what it saves', () => {
  const [found] = findingsOf(jreFits, 'FROM eclipse-temurin:21-jdk-alpine\n');
  expect(found!.fix?.edits[0]!.newText).toBe('eclipse-temurin:21-jre-alpine');
  expect(found!.saves?.bytes).toBeGreaterThan(100e6);
  expect(found!.saves?.basis).toBe('catalogue');
});
