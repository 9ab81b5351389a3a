import { baseName } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { type Program, splitArguments, wordTexts } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import { dataFiles } from './dataFiles.ts';
import type { Ecosystem, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { optionFiles, startedClasses } from './javaClasses.ts';
import { checkSources, javaRuntime, javaVersion, runtimePackages } from './javaRuntime.ts';
import { jlinkParts } from './jlink.ts';
import type { Reading } from './step.ts';
import type { Subject } from './subject.ts';

const builders = /^(?:mvn|mvnw|gradle|gradlew|sbt|ant|javac|kotlinc|scalac|groovyc|jar|lein|clojure)$/;

/** Applications on the Java virtual machine: the jar or the classes go along, onto a run-time environment of the same version. */
export const java: Ecosystem = {
  id: 'java',
  name: 'Java',
  calls: {
    isProgram: /\.(?:java|kt|scala|groovy)$/,
    programs:
      /\bProcessBuilder\s*\(\s*(?:(?:List|Arrays)\.\w+\s*\(|listOf\s*\()?|\bgetRuntime\(\)\s*\.exec\s*\(\s*(?:new\s+String\s*\[\s*\]\s*\{)?/g,
  },

  detect(subject) {
    return subject.scene.runs.some((run) => run.programs.some(({ name }) => builders.test(name)));
  },

  read: readJava,

  plan(build) {
    const { subject, start } = build;
    checkSources(build);
    const bases = [javaRuntime(build)];
    const programs = startedClasses(build);
    const mapped = subject.context.mapped.map(({ target }) => target);
    const data = dataFiles(subject, {
      start,
      isSource:
        /\.(?:java|kt|kts|scala|groovy|clj|class|jar)$|(?:^|\/)(?:gradle|\.mvn|\.gradle|target|build|project)\/|(?:^|\/)(?:pom\.xml|build\.xml|build\.sbt|project\.clj|mvnw(?:\.cmd)?|gradlew(?:\.bat)?|gradle\.properties|settings\.gradle(?:\.kts)?|build\.gradle(?:\.kts)?)$/,
      isProgram: /\.(?:java|kt|scala|groovy|clj)$/,
    });
    // Jars within jars keep their modules to themselves, but all of Java SE is more than they name.
    const own = jlinkParts(subject, javaVersion(subject));
    const plan: Plan = {
      program: own?.program ?? { kind: 'image', bases },
      ...(own?.tail === undefined ? {} : { tail: own.tail }),
      ...(own?.environment === undefined ? {} : { environment: own.environment }),
      copies: [
        ...(own === undefined ? [] : [own.copy]),
        ...programs,
        ...optionFiles(build),
        ...data.filter(({ path }) => !programs.some((copy) => isWithin(path, copy.path))),
        ...settings(subject),
      ],
      buildFolders: [...new Set([...mapped, ...build.steps.map(({ folder }) => folder)])].filter(
        (folder) => folder !== '/',
      ),
      buildOnly: /^(?:MAVEN_\w*|MVN_\w*|GRADLE_\w*|SBT_\w*)$/,
      buildPackages:
        /^(?:maven|gradle|ant|sbt|kotlin|scala|openjdk-\d+-jdk(?:-headless)?|default-jdk(?:-headless)?|java-\d+-openjdk-devel|openjdk\d+(?:-jdk)?)$/,
      packages: runtimePackages(build),
    };
    return plan;
  },
};

function verbs({ args }: Program): readonly string[] {
  return wordTexts(args.filter(({ text }) => !text.startsWith('-')));
}

function readJava(program: Program, { subject, folder, run }: Where): Reading | undefined {
  const { name, args } = program;
  if (/^(?:mvn|mvnw|gradle|gradlew|sbt|ant|lein)$/.test(name)) {
    const words = verbs(program);
    if (args.some(({ text }) => /^(?:-v|--version|-version)$/.test(text))) return { kind: 'neutral' };
    if (
      words.every((word) =>
        /dependency:(?:go-offline|resolve)|^(?:dependencies|deps|update|wrapper|help|tasks)$/.test(word),
      )
    )
      return { kind: 'fetch' };
    if (words.every((word) => /^(?:test|check|verify)$/.test(word)) && !words.includes('verify'))
      return { kind: 'test' };
    return { kind: 'compile' };
  }
  if (/^(?:javac|kotlinc|scalac|groovyc)$/.test(name)) {
    const at = args.findIndex(({ text }) => text === '-d');
    return { kind: 'compile', writes: [subject.absolute(args[at + 1]?.value ?? '.', folder)].filter(() => at >= 0) };
  }
  if (name === 'jar') {
    const first = args[0]?.text ?? '';
    const { options, operands } = splitArguments(args, /^(?:--(?:file|main-class|manifest)|-C)$/);
    const named = [...options, ...operands]
      .map(({ value }) => value?.replace(/^--file=/, ''))
      .find((value) => value?.endsWith('.jar') === true);
    const isCreating = /^-?c/.test(first) || args.some(({ text }) => text === '--create');
    return { kind: 'compile', writes: isCreating && named !== undefined ? [named] : [] };
  }
  if (name === 'jlink' || name === 'jpackage' || name === 'native-image')
    return block('own-runtime', `${name} makes a run-time environment of its own, which is to stay as it is.`, {
      line: run.instruction.line,
    });
  if (name === 'jdeps' || name === 'jmod') return { kind: 'neutral' };
  if (name === 'java') {
    if (args.some(({ text }) => /^-?-version$/.test(text))) return { kind: 'neutral' };
    return { kind: 'compile', writes: extracted(program) };
  }
  return undefined;
}

/**
 * The folder that Spring Boot takes a jar apart into: a small jar with its libraries beside it, or folders of layers.
 * https://docs.spring.io/spring-boot/reference/packaging/efficient.html
 */
function extracted({ args }: Program): readonly string[] {
  const words = wordTexts(args);
  const mode = words.find((word) => word.startsWith('-Djarmode='))?.slice('-Djarmode='.length);
  const at = words.indexOf('extract');
  if ((mode !== 'tools' && mode !== 'layertools') || at < 0) return [];
  const option = words.findIndex((word, index) => index > at && /^--destination(?:=|$)/.test(word));
  if (option >= 0) return [/=(.*)$/.exec(words[option]!)?.[1] ?? words[option + 1] ?? '.'];
  // The folder is named after the jar, but for the older mode, which takes the one that it runs in.
  return mode === 'tools' ? [baseName(words[words.indexOf('-jar') + 1] ?? '').replace(/\.\w+$/, '')] : ['.'];
}

/** What Spring reads from the folder that it is started in, without naming it anywhere. */
function settings({ project, context }: Subject): readonly PlannedCopy[] {
  const found = project.files.filter((file) =>
    /^(?:config\/)?application(?:-[\w]+)?\.(?:ya?ml|properties)$/.test(file),
  );
  return found.flatMap((file) =>
    context
      .containerPaths(file)
      .slice(-1)
      .map((path): PlannedCopy => ({
        path,
        isFolder: false,
        reason: 'settings that Spring reads from where it is started',
      })),
  );
}
