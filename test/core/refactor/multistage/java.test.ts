import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

const source = 'class Main {}\n';

function application(
  cmd: string,
  files: Files = {},
  { base = 'eclipse-temurin:21-jdk', run = 'javac -d classes Main.java', answers = {} } = {},
) {
  return {
    lines: [`FROM ${base}`, 'WORKDIR /app', 'COPY . .', `RUN ${run}`, `CMD ${cmd}`],
    files: { 'Main.java': source, ...files },
    answers,
  };
}

const classes = '["java", "-cp", "classes", "Main"]';

describe('the run base', () => {
  it.each([
    ['eclipse-temurin:21-jdk', 'eclipse-temurin:21-jre'],
    ['eclipse-temurin:17-jdk-jammy', 'eclipse-temurin:17-jre-jammy'],
    ['eclipse-temurin:21-jdk-alpine', 'eclipse-temurin:21-jre-alpine'],
    ['maven:3.9-eclipse-temurin-17', 'eclipse-temurin:17-jre'],
    ['maven:3.9-eclipse-temurin-21-alpine', 'eclipse-temurin:21-jre-alpine'],
    ['gradle:8.10-jdk21', 'eclipse-temurin:21-jre'],
  ])('of %s', (base, expected) => {
    expect(proposed(application(classes, {}, { base })).proposal.runBase).toBe(expected);
  });

  it.each([
    ['openjdk:21-slim', 'asked java-vendor'],
    ['amazoncorretto:21', 'asked java-vendor'],
    ['maven:3.9-amazoncorretto-21', 'asked java-vendor'],
    ['maven:3.9', 'refused unknown-version'],
    ['eclipse-temurin:21-jre', 'refused no-benefit'],
  ])('of %s is %s', (base, outcome) => {
    expect(outcomeOf(application(classes, {}, { base }))).toBe(outcome);
  });
});

describe('what goes along', () => {
  it.each<[string, string, Files, readonly string[]]>([
    ['classes', classes, {}, ['/app/classes']],
    ['a jar', '["java", "-jar", "a.jar"]', {}, ['/app/a.jar']],
    ['the class path', '["java", "-cp", "classes:lib/x.jar", "Main"]', {}, ['/app/classes', '/app/lib/x.jar']],
    ['modules', '["java", "-p", "mods", "-m", "app/Main"]', {}, ['/app/mods']],
    ['a jar by a pattern', 'java -jar target/*.jar', {}, ['/app/target/*.jar']],
    [
      'an agent',
      '["java", "-javaagent:agent/a.jar=port=1", "-cp", "classes", "Main"]',
      {},
      ['/app/classes', '/app/agent/a.jar'],
    ],
    [
      'what a manifest names',
      '["java", "-jar", "out/a.jar"]',
      { 'manifest.txt': 'Class-Path: lib/x.jar lib/\n y.jar\n' },
      ['/app/out/a.jar', '/app/out/lib/x.jar', '/app/out/lib/y.jar'],
    ],
    [
      'the libraries of Maven',
      '["java", "-jar", "target/a.jar"]',
      { 'pom.xml': '<addClasspath>true</addClasspath><classpathPrefix>lib/</classpathPrefix>' },
      ['/app/target/a.jar', '/app/target/lib'],
    ],
    [
      'what a source names',
      classes,
      { 'Main.java': 'class Main { String at = "data/list.txt"; }', 'data/list.txt': '', 'other/x.txt': '' },
      ['/app/classes', '/app/data'],
    ],
    [
      'pages below src/main',
      classes,
      { 'Main.java': 'class Main { String at = "src/main/webapp"; }', 'src/main/webapp/x.html': '' },
      ['/app/classes', '/app/src'],
    ],
    [
      'settings of Spring',
      classes,
      { 'config/application.yml': '', 'application-prod.properties': '' },
      ['/app/classes', '/app/application-prod.properties', '/app/config/application.yml'],
    ],
    ['a start script', '["build/install/t/bin/t"]', {}, ['/app/build/install/t']],
  ])('%s', (_, cmd, files, paths) => {
    const { text } = proposed(application(cmd, files));
    const copied = [...text.matchAll(/^COPY --from=build (\S+) /gm)].map(([, path]) => path!);
    expect(copied.toSorted()).toEqual(paths.toSorted());
  });
});

describe('a jar that is taken apart', () => {
  it.each<[string, string, readonly string[]]>([
    ['java -Djarmode=tools -jar t.jar extract', '["java", "-jar", "t/t.jar"]', ['/app/t']],
    ['java -Djarmode=tools -jar out/t.jar extract --destination /o', 'java -jar /o/*.jar', ['/o']],
    ['java -Djarmode=tools -jar t.jar extract --destination=o', '["java", "-jar", "o/t.jar"]', ['/app/o']],
    ['java -Djarmode=layertools -jar t.jar extract', '["java", "-jar", "t.jar"]', ['/app']],
    ['java -Djarmode=tools -jar t.jar list-layers', '["java", "-jar", "t.jar"]', ['/app/t.jar']],
    ['java -jar t.jar extract', '["java", "-jar", "t.jar"]', ['/app/t.jar']],
  ])('%s, %s', (extract, cmd, paths) => {
    const { text } = proposed(application(cmd, {}, { run: `mvn package && ${extract}` }));
    expect([...text.matchAll(/^COPY --from=build (\S+) /gm)].map(([, path]) => path!)).toEqual(paths);
  });

  it('into the root folder is refused', () => {
    const run = 'mvn package && java -Djarmode=tools -jar t.jar extract --destination /';
    expect(outcomeOf(application('["java", "-jar", "/t.jar"]', {}, { run }))).toBe('refused application-in-system');
  });
});

describe('a jar that a variable names', () => {
  const two = 'jar cf ebb.jar -C classes . && jar --create --file=flood.jar -C classes .';
  it.each<[string, string, string]>([
    ['one of two', two, 'asked artefact'],
    ['the only one that is known', 'mvn package && mv target/x.jar ebb.jar', 'converted'],
    ['another than the one that is known', 'mvn package && mv target/x.jar app.jar', 'asked artefact'],
    ['one that is removed again', `${two} && rm flood.jar`, 'converted'],
  ])('%s', (_, run, outcome) => {
    const lines = ['FROM eclipse-temurin:21-jdk', 'WORKDIR /app', 'COPY . .', `RUN ${run}`, 'ENV JAR=ebb.jar'];
    expect(outcomeOf({ lines: [...lines, 'CMD java -jar $JAR'], files: { 'Main.java': source } })).toBe(outcome);
  });
});

describe('refused', () => {
  it.each<[string, string, Files, string]>([
    ['a source that is started', '["java", "Main.java"]', {}, 'refused needs-toolchain'],
    ['a compiler inside', classes, { 'Main.java': 'import javax.tools.ToolProvider;\n' }, 'refused needs-toolchain'],
    ['a tool of the kit', '["jshell", "x.jsh"]', {}, 'refused needs-toolchain'],
    ['a jar of the context', '["java", "-jar", "a.jar"]', { 'a.jar': '' }, 'refused host-artefact'],
    ['a jar by a variable', '["java", "-jar", "$JAR"]', {}, 'refused artefact-unknown'],
    [
      'a Class-Path of Gradle',
      '["java", "-jar", "a.jar"]',
      { 'build.gradle': "jar { manifest { attributes 'Class-Path': x } }" },
      'refused jar-libraries',
    ],
    [
      'a program that only it knows',
      classes,
      { 'Main.java': 'class Main { void x() { new ProcessBuilder(args); } }' },
      'refused starts-programs',
    ],
  ])('%s', (_, cmd, files, outcome) => {
    expect(outcomeOf(application(cmd, files))).toBe(outcome);
  });
});

describe('jlink', () => {
  it('is offered where the release is known, and made where somebody wants it', () => {
    const base = 'eclipse-temurin:21-jdk-noble';
    expect(proposed(application(classes, {}, { base })).proposal.options.map(({ key }) => key)).toContain('jlink');
    const { text, proposal } = proposed(application(classes, {}, { base, answers: { jlink: 'yes' } }));
    expect(proposal.runBase).toBe('ubuntu:24.04');
    expect(text).toContain('COPY --from=build /opt/jre /opt/jre');
    expect(text).toContain('ENV LC_ALL=C.UTF-8');
  });
});
