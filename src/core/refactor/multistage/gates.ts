import { baseName } from '../../program/fileSystem.ts';
import type { Dockerfile } from '../../dockerfile/model.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { block } from './blocked.ts';
import type { PlannedCopy } from './ecosystem.ts';
import { isServer, type Start } from './start.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

/** What of the text keeps a file from being converted. Asked before anything is made of it. */
export function checkText(dockerfile: Dockerfile): void {
  const template = /%%\w+%%|\{\{.*?\}\}|<%=?.*?%>/.exec(dockerfile.text);
  // `docker inspect --format '{{ … }}'` and the like in a RUN are no templates, but nobody can tell them apart for sure.
  if (template) {
    block('template', 'The file is a template: what becomes of it is not known here.', {
      line: dockerfile.lines.lineAt(template.index) + 1,
    });
  }
  const [problem] = dockerfile.problems;
  if (problem) {
    const line = dockerfile.lines.lineAt(problem.span.start) + 1;
    block('parse-errors', problem.message, { line, unblock: 'Mend the file first.' });
  }
  const first = dockerfile.stages[0]?.from.span.start ?? 0;
  const head = dockerfile.comments.filter(({ start }) => start < first);
  const generated = head.find(({ start, end }) =>
    /do not (?:edit|modify)|auto-?generated|generated (?:by|from|via)\b/i.test(dockerfile.text.slice(start, end)),
  );
  if (generated) {
    block('generated', 'The file says that it is generated: it would be overwritten.', {
      line: dockerfile.lines.lineAt(generated.start) + 1,
      unblock: 'Convert what it is generated from.',
    });
  }
}

/** What of the stage keeps a file from being converted, whatever it builds. */
export function checkStage({ stage, scene, config, image, base }: Subject): void {
  const trigger = stage.instructions.find(({ keyword }) => keyword === 'ONBUILD');
  if (trigger) {
    block('onbuild', 'ONBUILD says that other images are built on this one, and they may need all of it.', {
      line: trigger.line,
    });
  }
  if (scene.isWindows || /windows|nanoserver/.test(image)) {
    block('windows', 'Windows images are left alone.', { line: stage.from.line });
  }
  if (
    stage.from.flags.some(({ name, value }) => name === 'platform' && /\bBUILD(?:PLATFORM|ARCH)\b/.test(value ?? ''))
  ) {
    block(
      'build-platform',
      'What is built is for the machine that builds, and a run stage would be for the one that the image is made for.',
      {
        line: stage.from.line,
        unblock: 'Leave --platform out, or build for $TARGETPLATFORM.',
      },
    );
  }
  if (config === undefined) {
    block('unknown-base', `What ${base.text} brings is not known.`, {
      line: stage.from.line,
      unblock: 'Build on an image that everybody knows, such as those of the Docker library.',
    });
  }
}

/** Programs that look after several others. */
const supervisors =
  /^(?:supervisord|systemd|init|s6-svscan|runsvdir|my_init|monit|circusd|sshd|cron|crond|foreman|honcho|overmind)$/;
const shells = /^(?:sh|bash|ash|dash|zsh|fish)$/;

/** What of the start command and of those outside keeps a file from being converted. */
export function checkStart({ config }: Subject, start: Start): void {
  const { line, argv } = start;
  const first = baseName(argv[0] ?? '');
  const supervisor = start.programs.find(({ name }) => supervisors.test(baseName(name)));
  if (supervisor) {
    block('several-processes', `${supervisor.name} starts other programs, which are not followed.`, { line });
  }
  if (shells.test(first) && !argv.some((word, at) => at > 0 && !word.startsWith('-'))) {
    block('interactive', 'The container starts a shell: this is a toolbox, and all of it may be used.', { line });
  }
  const isInherited = argv.join('\0') === config?.cmd?.join('\0');
  if (start.entrypoint === undefined && isInherited && !isServer(argv)) {
    block('interactive', `The container starts ${first} without a program: this is a toolbox.`, { line });
  }
  checkTools(start);
}

/** What is started must not build. */
export function checkTools({ programs, line }: Start): void {
  const developing = programs.find(({ name, args }) => needsTools(baseName(name), args));
  if (developing) {
    const called = [baseName(developing.name), ...developing.args].slice(0, 3).join(' ');
    block(
      'needs-toolchain',
      `\`${called}\` (${developing.by}) builds or installs when the container starts, so it needs the tools.`,
      {
        line,
        unblock: 'Build in a RUN, and start what was built.',
      },
    );
  }
}

/** Programs that compile, install or watch sources when they start. */
function needsTools(name: string, args: readonly string[]): boolean {
  const verb = args.find((word) => !word.startsWith('-')) ?? '';
  switch (name) {
    case 'go':
      return true;
    case 'cargo':
    case 'make':
    case 'cmake':
    case 'mvn':
    case 'mvnw':
    case 'gradle':
    case 'gradlew':
    case 'sbt':
    case 'lein':
    case 'stack':
    case 'cabal':
    case 'ghc':
    case 'runghc':
    case 'rustc':
    case 'gcc':
    case 'g++':
    case 'cc':
    case 'javac':
    case 'gdb':
    case 'valgrind':
    case 'air':
    case 'dlv':
    case 'CompileDaemon':
    case 'nodemon':
    case 'ts-node':
    case 'ts-node-dev':
    case 'tsx':
    case 'apt-get':
    case 'apt':
    case 'apk':
    case 'watchexec':
    case 'entr':
      return true;
    case 'dotnet':
      return /^(?:run|watch|build|test|ef|restore|publish)$/.test(verb);
    case 'swift':
      return /^(?:run|build|test|package)$/.test(verb);
    case 'mix':
      return true;
    case 'pip':
    case 'pip3':
    case 'poetry':
    case 'composer':
    case 'bundle':
      return verb === 'install' || verb === 'update';
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return /^(?:install|i|ci|add|build)$/.test(verb);
    default:
      return false;
  }
}

/** What of the commands keeps a file from being converted, whatever it builds. */
export function checkSteps(subject: Subject, steps: readonly Step[]): void {
  if (!subject.project.buildKit) {
    const capable = steps.find(({ program }) => /^(?:setcap|setfattr|chattr|setfacl)$/.test(program.name));
    if (capable) {
      block(
        'capabilities',
        `A builder without BuildKit loses what ${capable.program.name} sets when the file is copied.`,
        {
          line: capable.instruction.line,
          unblock: 'Build with BuildKit.',
        },
      );
    }
  }
  for (const { keyword, json, words, index, line } of subject.stage.instructions) {
    if (keyword !== 'VOLUME') continue;
    const volumes = (json ?? words.map(({ text }) => text)).map((path) => subject.absolute(path, '/'));
    const into = (path: string): boolean => volumes.some((volume) => isWithin(path, volume));
    const later =
      steps.some((step) => step.instruction.index > index && step.writes.some(into)) ||
      subject.context.mapped.some(({ instruction, target }) => instruction.index > index && into(target));
    if (later) {
      block(
        'volume-before-content',
        'What is written into a VOLUME after it is declared is kept by some builders and dropped by others.',
        {
          line,
          unblock: 'Move the VOLUME below what is written into it.',
        },
      );
    }
  }
}

/** A tool that is told to put its files into the root folder has them among the system's: it would be copied whole. */
export function checkCopies({ stage }: Subject, copies: readonly PlannedCopy[]): void {
  if (!copies.some(({ path, from }) => path === '/' && from === undefined)) return;
  block('application-in-system', 'What the build makes is in /, among what belongs to the system.', {
    line: stage.from.line,
    unblock: 'Give it a folder of its own.',
  });
}
