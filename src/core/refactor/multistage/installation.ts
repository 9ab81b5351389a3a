import { isWithin } from '../../rules/scene/places.ts';
import { type Program, wordTexts } from '../../rules/scene/program.ts';
import type { TextEdit } from '../../text.ts';
import { textsOf } from '../project.ts';
import { block } from './blocked.ts';
import type { PlannedCopy, Where } from './ecosystem.ts';
import { settled } from './folders.ts';
import { type MakeCall, readMake } from './made.ts';
import { readRecipes } from './recipes.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';
import { sharedFolders } from './systemFolders.ts';

/** What `make install` and its like put into the system, and how the run stage gets it. */
export interface Installation {
  /** Where programs are, so that they are found there. Absolute. */
  readonly prefix: string;
  readonly copies: readonly PlannedCopy[];
  /** Folders that may have libraries now which are looked for. */
  readonly libraries: readonly string[];
  readonly tail: readonly string[];
  readonly edits: readonly TextEdit[];
}

const installRoot = '/run-install';
/** What `make install` makes for those who run it, below its prefix. */
const installed = ['bin', 'sbin', 'lib', 'lib64', 'libexec', 'share', 'etc'];
/** What it makes for those who read or build. */
const notRun = ['include', 'man', 'doc', 'info', 'src'];

function isInstall({ name, args }: Program): boolean {
  const words = wordTexts(args);
  return (
    (/^(?:make|gmake|ninja|meson|ninja-build)$/.test(name) &&
      words.some((word) => /^install(?:\/strip|-strip|-bin|-exec)?$/.test(word))) ||
    (name === 'cmake' && (words.includes('--install') || (words.includes('--build') && words.includes('install'))))
  );
}

/**
 * Each installation of the stage. What a Makefile of the context puts where is copied from there; where only a tool knows that,
 * it is installed once more into a folder of its own, so that nothing else of the prefix comes along.
 *
 * @param read what an ecosystem says of its own tools.
 * @param buildFolders what is put there is not installed.
 */
export function installations(
  subject: Subject,
  steps: readonly Step[],
  read: (program: Program, where: Where) => Reading | undefined,
  buildFolders: readonly string[],
): readonly Installation[] {
  const installs = steps
    .filter(({ kind, program }) => kind === 'compile' && isInstall(program))
    .map((step): Installation => {
      const where = { subject, run: subject.scene.run(step.instruction), folder: step.folder };
      const call = /^g?make$/.test(step.program.name) ? readMake(step.program, where) : undefined;
      if (call === undefined) return again(subject, steps, step, prefixOf(steps));
      const { writes, isWhole } = readRecipes(call, where, read);
      const prefix = prefixIn(call);
      const found = settled(writes, sharedFolders);
      const outside = found.filter(
        (path) => !sharedFolders.has(path) && !buildFolders.some((folder) => isWithin(path, folder)),
      );
      if (isWhole) {
        const libraries = [`${prefix}/lib`].filter((folder) => found.some((path) => isWithin(path, folder)));
        return { prefix, libraries, tail: [], edits: [], copies: outermost(outside).map(installedCopy) };
      }
      if (!/\bDESTDIR\b/.test(call.text)) {
        block('install-unknown', `What ${call.file} installs is not known by name.`, {
          line: step.instruction.line,
          unblock: 'Put $(DESTDIR) before what it installs to, or name each file.',
        });
      }
      const other = outside.filter((path) => !isWithin(path, prefix));
      const once = again(subject, steps, step, prefix);
      return { ...once, copies: [...once.copies, ...outermost(other).map(installedCopy)] };
    });
  const check = guard(installs);
  const last = installs.at(-1);
  if (check === undefined || last === undefined) return installs;
  return [...installs.slice(0, -1), { ...last, tail: [...last.tail, check] }];
}

function installedCopy(path: string): PlannedCopy {
  return { path, isFolder: false, reason: 'what `make install` puts there' };
}

function outermost(paths: readonly string[]): readonly string[] {
  const all = [...new Set(paths)];
  return all.filter((path) => !all.some((other) => other !== path && isWithin(path, other)));
}

function prefixIn({ makefile }: MakeCall): string {
  const found = ['PREFIX', 'prefix', 'INSTALL_PREFIX']
    .map((name) => makefile.valueOf(name))
    .find((value) => value?.startsWith('/') === true);
  return found?.replace(/\/$/, '') ?? '/usr/local';
}

/** Where a generated build installs to: `/usr/local` unless something says otherwise. */
function prefixOf(steps: readonly Step[]): string {
  for (const { program } of steps) {
    for (const { value, text } of program.args) {
      const found = /^(?:--prefix=|-DCMAKE_INSTALL_PREFIX(?::\w+)?=|PREFIX=|prefix=)(\/.*)$/.exec(value ?? text)?.[1];
      if (found !== undefined) return found.replace(/\/$/, '');
    }
    const at = program.args.findIndex(({ text }) => text === '--prefix');
    const next = program.args[at + 1]?.value;
    if (at >= 0 && next?.startsWith('/') === true) return next;
  }
  return '/usr/local';
}

/** Folders of an installation that its steps or the files of its build tool name apart from its prefix. */
function extraFolders(subject: Subject, steps: readonly Step[], prefix: string): readonly string[] {
  const options = steps.flatMap(({ program }) =>
    program.args.flatMap(({ value, text }) => {
      const option =
        /^(?:--(?:sysconfdir|localstatedir|bindir|sbindir|libdir|libexecdir|datadir|datarootdir)=|-DCMAKE_INSTALL_(?:SYSCONFDIR|FULL_SYSCONFDIR|BINDIR|LIBDIR|DATADIR)(?::\w+)?=)(\/.+)$/.exec(
          value ?? text,
        );
      return option === null ? [] : [option[1]!];
    }),
  );
  const texts = textsOf(subject.project, /(?:^|\/)(?:CMakeLists\.txt|meson\.build|Makefile\.am)$|\.cmake$/);
  const named = texts.flatMap((text) => [...text.matchAll(absoluteFolder)].map(([, folder]) => folder!));
  const state = texts.some((text) => /localstatedir/i.test(text)) ? [`${prefix}/var`] : [];
  const all = [...options, ...named, ...state].map((folder) => folder.replace(/\/$/, ''));
  return outermost(all.filter((folder) => !installed.some((name) => isWithin(folder, `${prefix}/${name}`))));
}

/** Where files go by an absolute path: `DESTINATION /etc` (CMake), `install_dir: '/etc'` (Meson), `confdir = /etc` (Automake). */
const absoluteFolder =
  /(?:\bDESTINATION\s+"?|\binstall_dir\s*:\s*'|^\s*\w+dir\s*=\s*)(\/[\w.+/-]*[\w.+-])(?=["'\s)/])/gm;

/** The installation once more, at the end of the stage, or at once where its folder is gone by then. */
function again(subject: Subject, steps: readonly Step[], step: Step, prefix: string): Installation {
  const { program, instruction, folder } = step;
  const { command } = program;
  const { text } = subject.dockerfile;
  const written = text.slice(command.span.start, command.span.end);
  const isMake = program.name === 'make' || program.name === 'gmake';
  const call = isMake ? `${written} DESTDIR=${installRoot}` : `DESTDIR=${installRoot} ${written}`;
  // A folder that other things are in as well is not copied as a whole: links of the system may be among its own.
  const own = sharedFolders.has(prefix) ? installed.map((name) => `${prefix}/${name}`) : [prefix];
  const folders = [...own, ...extraFolders(subject, steps, prefix)];
  const libraries = [`${prefix}/lib`];
  const copies = folders.map((path): PlannedCopy => ({
    path: `${path}/`,
    from: `${installRoot}${path}/`,
    isFolder: true,
    reason: `what \`${program.name} install\` puts into ${path}`,
  }));
  const folderCommand = `mkdir -p ${folders.map((path) => `${installRoot}${path}`).join(' ')}`;
  const isGone = steps
    .slice(steps.indexOf(step) + 1)
    .some(({ removes }) => removes.some((gone) => isWithin(folder, gone) || gone.startsWith(`${folder}/`)));
  const isMounted = subject.scene.run(instruction).mounts.length > 0;
  if (isGone || isMounted) {
    const at = command.span.end;
    return {
      prefix,
      libraries,
      copies,
      tail: [`RUN ${folderCommand}`],
      edits: [{ start: at, end: at, newText: ` && ${call}` }],
    };
  }
  const change = folder === subject.folderAt(instruction) ? '' : `cd ${folder} && `;
  return { prefix, libraries, copies, edits: [], tail: [`RUN ${change}${call} && \\\n    ${folderCommand}`] };
}

/**
 * Stops the build where something was installed that nobody copies: a variable of the build tool may lead anywhere.
 * Undefined where nothing was installed a second time.
 */
function guard(installs: readonly Installation[]): string | undefined {
  const repeated = installs.filter(({ copies }) => copies.some(({ from }) => from !== undefined));
  if (repeated.length === 0) return undefined;
  const copied = repeated.flatMap(({ copies }) =>
    copies.flatMap(({ from, path }) => (from === undefined ? [] : [path])),
  );
  const leftOut = repeated
    .filter(({ prefix }) => sharedFolders.has(prefix))
    .flatMap(({ prefix }) => notRun.map((name) => `${prefix}/${name}/`));
  const known = [...new Set([...copied, ...leftOut])].map((path) => path.slice(1).replace(/[.+]/g, '\\$&'));
  return `RUN if find ${installRoot} ! -type d | grep -vE '^${installRoot}/(${known.join('|')})'; then exit 1; fi`;
}
