import { baseName } from '../../program/fileSystem.ts';
import { fileWith } from '../project.ts';
import { block } from './blocked.ts';
import type { Build, ImageBase } from './ecosystem.ts';
import { releaseImage } from './release.ts';
import type { Subject } from './subject.ts';

const jdkPackage =
  /^(?:openjdk-\d+-jdk(?:-headless)?|default-jdk(?:-headless)?|openjdk\d+(?:-jdk)?|java-\d+-openjdk-devel)$/;

/** What a run-time environment could not do. */
export function checkSources({ subject: { project }, start }: Build): void {
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

/** Where no version is said, none can be kept. */
export function javaRuntime({ subject, start, steps }: Build): ImageBase {
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
  const temurin = (major: string): ImageBase => shellBase(`eclipse-temurin:${major}-jre${isAlpine ? '-alpine' : ''}`);
  const knownVersion = (unblock: string): string =>
    javaVersion(subject) ??
    block('unknown-version', `Which version of Java ${base.text} has is not known.`, { line, unblock });
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
      const major = knownVersion('Name it in the tag, as in `3.9-eclipse-temurin-21`.');
      if (/corretto|sapmachine|semeru|graal|liberica|microsoft/.test(tag.variant)) askVendor(subject, major);
      return temurin(major);
    }
    case 'openjdk':
    case 'amazoncorretto': {
      const major = knownVersion('Name it in the tag.');
      askVendor(subject, major);
      return temurin(major);
    }
    default: {
      if (steps.some(({ packages = [] }) => packages.some((name) => jdkPackage.test(name))))
        return releaseImage(subject);
      return block('unknown-base', 'Which version of Java is used is not known.', { line });
    }
  }
}

export function javaVersion({ tag, image }: Subject): string | undefined {
  const named = /(?:temurin|jdk|java|corretto|openjdk|graalvm|sapmachine|semeru|liberica)-?(\d+)/.exec(
    tag.variant,
  )?.[1];
  if (named !== undefined) return named;
  return /^(?:openjdk|amazoncorretto|eclipse-temurin)$/.test(image) ? tag.version?.split('.')[0] : undefined;
}

/** The run-time packages of the kits that the file installs; with a desktop's libraries only where windows or fonts are drawn. */
export function runtimePackages({ subject, steps }: Build): readonly string[] {
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
