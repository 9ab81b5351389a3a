import { baseName } from '../../program/fileSystem.ts';
import { type Program, wordTexts } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import { dataFiles } from './dataFiles.ts';
import type { Ecosystem, ImageBase } from './ecosystem.ts';
import { readNodeCommand } from './node.ts';
import type { Reading } from './step.ts';
import type { Start } from './start.ts';
import { workFolders } from './workFolders.ts';

/** What `deno compile` makes links the C library and libgcc of any Debian since 10. */
const bases: readonly ImageBase[] = [
  { reference: 'gcr.io/distroless/cc-debian12', shell: false, packageManager: 'none' },
  { reference: 'debian:bookworm-slim', shell: true, packageManager: 'apt' },
];

/** Programs in Deno: one executable, where the file compiles one. */
export const deno: Ecosystem = {
  id: 'deno',
  name: 'Deno',

  detect: ({ image, scene }) =>
    image === 'denoland/deno' && scene.runs.some((run) => run.programs.some(({ name }) => name === 'deno')),

  read: (program) => readDeno(program) ?? readNodeCommand(program),

  plan({ subject, start, steps }) {
    const made = steps.filter(({ kind, program }) => kind === 'compile' && program.name === 'deno');
    const artefact = start.paths.find((path) => made.some(({ writes }) => writes.includes(path)));
    if (artefact === undefined) return blockInterpreted(start, subject.stage.from.line);
    const files = dataFiles(subject, {
      start,
      isSource: /\.(?:[cm]?[jt]sx?)$|(?:^|\/)(?:deno\.(?:jsonc?|lock)|package(?:-lock)?\.json|tsconfig\.json)$/,
      isProgram: /\.[cm]?[jt]sx?$/,
    });
    return {
      program: { kind: 'image', bases },
      copies: [{ path: artefact, isFolder: false, reason: 'the program that Deno compiles' }, ...files],
      buildFolders: workFolders(subject, made),
      buildOnly: /^(?:DENO_DIR|DENO_INSTALL_ROOT|DENO_VERSION)$/,
    };
  },
};

/** Reads the commands of Deno. */
function readDeno({ name, args }: Program): Reading | undefined {
  if (name !== 'deno') return undefined;
  const [verb, ...rest] = args;
  switch (verb?.value) {
    case 'compile': {
      const output = outputOf(wordTexts(rest));
      return { kind: 'compile', ...(output === undefined ? {} : { writes: [output] }) };
    }
    case 'cache':
    case 'install':
    case 'add':
      return { kind: 'fetch' };
    case 'test':
    case 'lint':
    case 'fmt':
    case 'check':
      return { kind: 'test' };
    case 'task':
    case 'bundle':
    case 'run':
      return { kind: 'compile' };
    case '--version':
    case 'info':
    case 'upgrade':
      return { kind: 'neutral' };
    default:
      return undefined;
  }
}

/** Where the executable goes; undefined where its name is made up from the source's, and for another system. */
function outputOf(words: readonly string[]): string | undefined {
  const joined = words.find((word) => word.startsWith('--output='))?.slice('--output='.length);
  const at = words.findIndex((word) => word === '-o' || word === '--output');
  const target = words.find((word) => word.startsWith('--target'));
  if (target !== undefined && !`${target} ${words[words.indexOf(target) + 1] ?? ''}`.includes('linux'))
    return undefined;
  return joined ?? (at < 0 ? undefined : words[at + 1]);
}

function blockInterpreted({ argv, programs, line }: Start, from: number): never {
  const [first = '', ...rest] = argv;
  const words = baseName(first) === 'deno' ? rest : argv;
  const isDeno = baseName(first) === 'deno' || /^(?:run|task|serve|eval)$/.test(first);
  if (!isDeno)
    block('no-artefact', `What makes ${first} is not known.`, {
      line,
      unblock: 'Compile it with `deno compile --output`, and start that path.',
    });
  const isDeveloping = programs.some(({ args }) => args.some((word) => /^--(?:watch|hmr|inspect)/.test(word)));
  if (isDeveloping || (words[0] === 'task' && /dev|watch/.test(words[1] ?? '')))
    block('needs-toolchain', 'Deno watches the sources.', { line, unblock: 'Start the program without watching it.' });
  return block('no-benefit', 'Deno itself runs the sources, and there is little beside it that could stay behind.', {
    line: from,
    unblock: 'Compile it with `deno compile --output` in a RUN, and start the executable.',
  });
}
