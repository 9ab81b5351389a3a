import { baseName, folderOf } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { fileWith, textsOf } from '../project.ts';
import { blockFromHost, chosenArtefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import type { Build, PlannedCopy } from './ecosystem.ts';
import { variableWord } from './start.ts';

/** The jars and folders of classes that are started, by the words of the start command. */
export function startedClasses(build: Build): readonly PlannedCopy[] {
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

/** Files that the options of java name: agents, and archives beside the class path. */
export function optionFiles({ subject, start }: Build): readonly PlannedCopy[] {
  const words = start.programs.filter(({ name }) => baseName(name) === 'java').flatMap(({ args }) => args);
  return words.flatMap((word) => {
    const path = /^-(?:javaagent:|agentpath:|XX:SharedArchiveFile=|Xbootclasspath\/a:)([^=:]+)/.exec(word)?.[1];
    if (path === undefined || path.includes('$')) return [];
    return [
      { path: subject.absolute(path, subject.workingDir), isFolder: false, reason: 'what the options of java name' },
    ];
  });
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
      const own = cp < 0 ? (subject.scope.get('CLASSPATH') ?? '.') : (args[cp + 1] ?? '.');
      return {
        ...(jar === undefined ? {} : { jar }),
        classPath: (jar !== undefined ? [] : mp >= 0 && cp < 0 ? modules : [...own.split(':'), ...modules]).filter(
          (each) => each !== '',
        ),
      };
    });
}

/** A jar that is started, or those that a pattern names, with what must be beside it. */
function startedJar(build: Build, path: string, written: ReadonlySet<string>): readonly PlannedCopy[] {
  const { start, steps } = build;
  const reason = 'the jar that is started';
  const apart = steps
    .filter(({ program }) => program.name === 'java')
    .flatMap(({ writes }) => writes)
    .find((folder) => isWithin(path, folder));
  if (apart === '/') blockInSystem(start.line);
  if (apart !== undefined)
    return [{ path: apart, isFolder: true, reason: `${reason}, with what it was taken apart into` }];
  if (/[*?[]/.test(path))
    return [{ path: `${path.slice(0, path.lastIndexOf('/'))}/`, from: path, isFolder: true, reason }];
  const source = build.subject.fromContext(path);
  if (source !== undefined && !written.has(path)) blockFromHost(source, start.line);
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
        subject.fromContext(each) === undefined,
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

/** What the manifest of the context names beside the jar. */
function manifestEntries({ subject, start }: Build, jar: string): readonly PlannedCopy[] {
  const paths = textsOf(subject.project, /\.mf$|(?:^|\/)manifest\.txt$/i)
    .map((text) => text.replace(/\r?\n /g, ''))
    .flatMap((text) => /^Class-Path:\s*(.*)$/m.exec(text)?.[1]?.trim().split(/\s+/) ?? []);
  return paths.map((path) => {
    if (/^\w+:|\$/.test(path)) blockUnknownLibraries(start.line);
    return {
      path: subject.absolute(path, folderOf(jar)),
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
  if (prefix === undefined || prefix.includes('$')) blockUnknownLibraries(start.line);
  const folder = subject.absolute(prefix, jar.slice(0, jar.lastIndexOf('/')));
  return [{ path: folder, isFolder: true, reason: 'the libraries that the jar names' }];
}

function blockUnknownLibraries(line: number): never {
  return block('jar-libraries', 'The manifest of the jar names libraries, and where they are is not known.', { line });
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
