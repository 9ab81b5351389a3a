import { baseName } from '../../program/fileSystem.ts';
import { type Program, splitArguments } from '../../rules/scene/program.ts';
import { fileWith, textsOf } from '../project.ts';
import { chosenArtefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import { jlinkParts } from './jlink.ts';
import { dataFiles } from './dataFiles.ts';
import { isAtOrBelow } from './contextMap.ts';
import type { Build, Ecosystem, ImageBase, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { releaseImage } from './release.ts';
import { variableWord } from './start.ts';
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
    const bases = [runtime(build)];
    const programs = artefacts(build);
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
        ...data.filter(({ path }) => !programs.some((copy) => isAtOrBelow(path, copy.path))),
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
  return args.filter(({ text }) => !text.startsWith('-')).map(({ value, text }) => value ?? text);
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
  if (name === 'keytool') return undefined;
  return undefined;
}

/**
 * The folder that Spring Boot takes a jar apart into: a small jar with its libraries beside it, or folders of layers.
 * https://docs.spring.io/spring-boot/reference/packaging/efficient.html
 */
function extracted({ args }: Program): readonly string[] {
  const words = args.map(({ value, text }) => value ?? text);
  const mode = words.find((word) => word.startsWith('-Djarmode='))?.slice('-Djarmode='.length);
  const at = words.indexOf('extract');
  if ((mode !== 'tools' && mode !== 'layertools') || at < 0) return [];
  const option = words.findIndex((word, index) => index > at && /^--destination(?:=|$)/.test(word));
  if (option >= 0) return [/=(.*)$/.exec(words[option]!)?.[1] ?? words[option + 1] ?? '.'];
  // The folder is named after the jar, but for the older mode, which takes the one that it runs in.
  return mode === 'tools' ? [baseName(words[words.indexOf('-jar') + 1] ?? '').replace(/\.\w+$/, '')] : ['.'];
}

/** What java is started with. */
interface Launch {
  readonly jar?: string;
  readonly classPath: readonly string[];
}

/** The calls of java among what is started. */
function launches({ subject, start }: Build): readonly Launch[] {
  return start.programs
    .filter(({ name }) => baseName(name) === 'java')
    .map(({ args }) => {
      const at = args.findIndex((word) => word === '-jar');
      const cp = args.findIndex((word) => /^(?:-cp|-classpath|--class-path)$/.test(word));
      const jar = at < 0 ? undefined : args[at + 1];
      const mp = args.findIndex((word) => /^(?:-p|--module-path)$/.test(word));
      const modules = mp < 0 ? [] : (args[mp + 1] ?? '').split(':');
      const own = cp < 0 ? (subject.stage.instructions.at(-1)?.scope.get('CLASSPATH') ?? '.') : (args[cp + 1] ?? '.');
      return {
        ...(jar === undefined ? {} : { jar }),
        classPath: (jar !== undefined ? [] : mp >= 0 && cp < 0 ? modules : [...own.split(':'), ...modules]).filter(
          (each) => each !== '',
        ),
      };
    });
}

/** The jars and folders of classes that are started, by the words of the start command. */
function artefacts(build: Build): readonly PlannedCopy[] {
  const { subject, start, steps } = build;
  const found = launches(build);
  const written = new Set(steps.flatMap(({ writes }) => writes));
  if (found.length === 0) return application(build);
  return found.flatMap(({ jar, classPath }): readonly PlannedCopy[] => {
    if (jar !== undefined) return jarsNamed(build, jar).flatMap((path) => startedJar(build, path, written));
    return classPath.map((entry): PlannedCopy => {
      const path = subject.absolute(entry.replace(/\/\*$/, ''), subject.workingDir);
      if (path === '/') blockInSystem(start.line);
      return { path, isFolder: !path.endsWith('.jar'), reason: 'the classes that are started' };
    });
  });
}

/** A jar that is started, or those that a pattern names, with what must be beside it. */
function startedJar(build: Build, path: string, written: ReadonlySet<string>): readonly PlannedCopy[] {
  const { start, steps } = build;
  const reason = 'the jar that is started';
  const apart = steps
    .filter(({ program }) => program.name === 'java')
    .flatMap(({ writes }) => writes)
    .find((folder) => isAtOrBelow(path, folder));
  if (apart === '/') blockInSystem(start.line);
  if (apart !== undefined)
    return [{ path: apart, isFolder: true, reason: `${reason}, with what it was taken apart into` }];
  if (/[*?[]/.test(path))
    return [{ path: `${path.slice(0, path.lastIndexOf('/'))}/`, from: path, isFolder: true, reason }];
  checkFromHost(build, path, written);
  return [{ path, isFolder: false, reason }, ...besides(build, path), ...manifestEntries(build, path)];
}

/**
 * The path of the jar that is started. Where a variable names it, those that the commands of the file make may be meant as well
 * as the one that it names at first: somebody has to say.
 */
function jarsNamed({ subject, start, steps }: Build, jar: string): readonly string[] {
  const variable = jar.includes('$') ? jar : variableWord(subject, start, jar);
  const path = subject.absolute(jar, subject.workingDir);
  if (variable === undefined) return [path];
  const made = steps
    .flatMap(({ writes }) => writes)
    .filter(
      (each) =>
        /\.[jw]ar$/.test(each) &&
        !/[*?[]|\.[jw]ar\//.test(each) &&
        !steps.some(({ removes }) => removes.includes(each)) &&
        !subject.project.has(subject.context.contextPath(each) ?? '\0'),
    );
  if (jar !== variable && made.every((each) => each === path)) return [path];
  const chosen = chosenArtefacts(subject, variable, jar === variable ? made : [path, ...made]);
  if (chosen.length > 0) return chosen;
  return block('artefact-unknown', `Which jar ${jar} is, is known only when it runs.`, {
    line: start.line,
    unblock: 'Name the jar.',
  });
}

function blockInSystem(line: number): never {
  return block('application-in-system', 'The classes are in the root folder, among what belongs to the system.', {
    line,
    unblock: 'Give them a folder of their own with WORKDIR.',
  });
}

/** A jar of the context was not built here: then nothing tells whether the one of the build would do. */
function checkFromHost({ subject, start }: Build, path: string, written: ReadonlySet<string>): void {
  const source = subject.context.contextPath(path);
  if (source === undefined || !subject.project.has(source) || written.has(path)) return;
  block('host-artefact', `${source} is started, and it comes from the build context, not from the build.`, {
    line: start.line,
    unblock: 'Keep it out with .dockerignore, or start what the build makes.',
  });
}

/** What a run-time environment could not do. */
function checkSources({ subject: { project }, start }: Build): void {
  const single = start.programs.find(
    ({ name, args }) => baseName(name) === 'java' && args.some((word) => word.endsWith('.java')),
  );
  if (single !== undefined)
    block('needs-toolchain', `${single.by} compiles a source when it starts.`, {
      line: start.line,
      unblock: 'Compile it in a RUN, and start the class.',
    });
  const compiling = project.files.find(
    (file) =>
      /\.(?:java|kt|scala|groovy)$/.test(file) &&
      !/(?:^|\/)src\/test\//.test(file) &&
      /\bjavax\.tools\.|\bcom\.sun\.(?:tools|source)\.|\bjdk\.jshell\b/.test(project.text(file) ?? ''),
  );
  if (compiling !== undefined)
    block('needs-toolchain', `${compiling} uses the compiler or other tools of the development kit when it runs.`, {
      line: start.line,
    });
}

/** Files that the options of java name: agents, and archives beside the class path. */
function optionFiles({ subject, start }: Build): readonly PlannedCopy[] {
  const words = start.programs.filter(({ name }) => baseName(name) === 'java').flatMap(({ args }) => args);
  return words.flatMap((word) => {
    const path = /^-(?:javaagent:|agentpath:|XX:SharedArchiveFile=|Xbootclasspath\/a:)([^=:]+)/.exec(word)?.[1];
    if (path === undefined || path.includes('$')) return [];
    return [
      { path: subject.absolute(path, subject.workingDir), isFolder: false, reason: 'what the options of java name' },
    ];
  });
}

/** What the manifest of the context names beside the jar. */
function manifestEntries({ subject, start }: Build, jar: string): readonly PlannedCopy[] {
  const paths = textsOf(subject.project, /\.mf$|(?:^|\/)manifest\.txt$/i)
    .map((text) => text.replace(/\r?\n /g, ''))
    .flatMap((text) => /^Class-Path:\s*(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? []);
  return paths.map((path) => {
    if (/^\w+:|\$/.test(path))
      block('jar-libraries', 'The manifest of the jar names libraries, and where they are is not known.', {
        line: start.line,
      });
    return {
      path: subject.absolute(path, jar.slice(0, jar.lastIndexOf('/')) || '/'),
      isFolder: path.endsWith('/'),
      reason: 'what the manifest of the jar names',
    };
  });
}

/** What a jar's manifest names beside it: the folder of libraries that Maven's jar plugin is told of. */
function besides({ subject, start }: Build, jar: string): readonly PlannedCopy[] {
  const gradle = fileWith(subject.project, /\.gradle(?:\.kts)?$/, /['"]Class-Path['"]/);
  if (gradle !== undefined)
    block('jar-libraries', `${gradle} writes a Class-Path into the jar, and what that names is not known.`, {
      line: start.line,
      unblock: 'Make one jar of all, or start the result of installDist.',
    });
  const text = textsOf(subject.project, /(?:^|\/)pom\.xml$/).find((each) => /<addClasspath>\s*true/.test(each));
  if (text === undefined) return [];
  const prefix = /<classpathPrefix>\s*([^<\s]+?)\/?\s*<\/classpathPrefix>/.exec(text)?.[1];
  if (prefix === undefined || prefix.includes('$'))
    block('jar-libraries', 'The manifest of the jar names libraries, and where they are is not known.', {
      line: start.line,
    });
  const folder = subject.absolute(prefix, jar.slice(0, jar.lastIndexOf('/')));
  return [{ path: folder, isFolder: true, reason: 'the libraries that the jar names' }];
}

/** A start script such as Gradle's `installDist` makes stands in the folder of its application. */
function application({ subject, start }: Build): readonly PlannedCopy[] {
  const path = start.paths.find((each) =>
    /\/build\/install\/[^/]+\/bin\/[^/]+$|\/(?:target\/universal\/stage|target\/appassembler)\/bin\/[^/]+$/.test(each),
  );
  if (path === undefined) {
    block('artefact-unknown', `What ${start.argv[0] ?? ''} starts is not known.`, {
      line: start.line,
      unblock: 'Start a jar with `java -jar`, or classes with `java -cp`.',
    });
  }
  return [
    {
      path: subject.absolute('../..', path),
      isFolder: true,
      reason: 'the application with its start script and libraries',
    },
  ];
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

/** Where no version is said, none can be kept. */
function runtime({ subject, start, steps }: Build): ImageBase {
  const { image, tag, base, stage } = subject;
  const { line } = stage.from;
  const tool = start.programs.find(({ name }) =>
    /^(?:javac|jshell|jstack|jmap|jcmd|jstat|jdb|jar|jhsdb)$/.test(baseName(name)),
  );
  if (tool !== undefined)
    block('needs-toolchain', `${tool.by} starts ${baseName(tool.name)}, which only the development kit has.`, {
      line: start.line,
    });
  const words = tag.variant.split('-');
  const isAlpine = tag.distribution?.name === 'alpine';
  const shellBase = (reference: string): ImageBase => ({
    reference,
    shell: true,
    packageManager: isAlpine ? 'apk' : 'apt',
  });
  const major = javaVersion(subject);
  switch (image) {
    case 'eclipse-temurin': {
      if (words.includes('jre')) block('no-benefit', 'The base is a run-time environment already.', { line });
      const rest = [tag.written.distribution, ...words.filter((word) => word !== 'jdk' && word !== '')].filter(
        (word) => word !== '',
      );
      return shellBase(`${base.text.replace(/:[^/:@]*$/, '')}:${[tag.written.version, 'jre', ...rest].join('-')}`);
    }
    case 'maven':
    case 'gradle':
    case 'sbtscala/scala-sbt': {
      if (major === undefined)
        block('unknown-version', `Which version of Java ${base.text} has is not known.`, {
          line,
          unblock: 'Name it in the tag, as in `3.9-eclipse-temurin-21`.',
        });
      if (/corretto|sapmachine|semeru|graal|liberica|microsoft/.test(tag.variant)) askVendor(subject, major);
      return shellBase(`eclipse-temurin:${major}-jre${isAlpine ? '-alpine' : ''}`);
    }
    case 'openjdk':
    case 'amazoncorretto':
      if (major === undefined)
        block('unknown-version', `Which version of Java ${base.text} has is not known.`, {
          line,
          unblock: 'Name it in the tag.',
        });
      askVendor(subject, major);
      return shellBase(`eclipse-temurin:${major}-jre${isAlpine ? '-alpine' : ''}`);
    default: {
      if (steps.some(({ packages = [] }) => packages.some((name) => jdkPackage.test(name))))
        return releaseImage(subject);
      return block('unknown-base', `Which version of Java is used is not known.`, { line });
    }
  }
}

function javaVersion({ tag, image }: Subject): string | undefined {
  const named = /(?:temurin|jdk|java|corretto|openjdk|graalvm|sapmachine|semeru|liberica)-?(\d+)/.exec(
    tag.variant,
  )?.[1];
  if (named !== undefined) return named;
  return /^(?:openjdk|amazoncorretto|eclipse-temurin)$/.test(image) ? tag.version?.split('.')[0] : undefined;
}

function askVendor(subject: Subject, major: string): void {
  const answer = subject.require({
    key: 'java-vendor',
    prompt: `Run on Eclipse Temurin ${major} instead of ${subject.base.text}?`,
    choices: [
      { value: 'eclipse-temurin', label: `Yes: eclipse-temurin:${major}-jre` },
      { value: 'same', label: 'No: leave the file as it is' },
    ],
    default: 'eclipse-temurin',
    detail: 'The publisher of the present base has no image with only a run-time environment of this version.',
  });
  if (answer === 'same')
    block('vendor-kept', 'The publisher of this Java has no image without the development kit.', {
      line: subject.stage.from.line,
    });
}

const jdkPackage =
  /^(?:openjdk-\d+-jdk(?:-headless)?|default-jdk(?:-headless)?|openjdk\d+(?:-jdk)?|java-\d+-openjdk-devel)$/;

/** The run-time packages of the kits that the file installs; with a desktop's libraries only where windows or fonts are drawn. */
function runtimePackages({ subject, steps }: Build): readonly string[] {
  const kits = steps.flatMap(({ packages = [] }) => packages.filter((name) => jdkPackage.test(name)));
  const drawing = fileWith(subject.project, /\.(?:java|kt|scala)$/, /\bjava\.awt\.|\bjavax\.swing\.|poi|jasper|pdfbox/);
  return kits.map((name) => {
    if (/^openjdk\d/.test(name)) return name.replace(/(?:-jdk)?$/, '-jre');
    if (name.startsWith('java-')) return name.replace(/-devel$/, '-headless');
    return drawing !== undefined
      ? name.replace(/jdk(?:-headless)?$/, 'jre')
      : name.replace(/jdk(?:-headless)?$/, 'jre-headless');
  });
}
