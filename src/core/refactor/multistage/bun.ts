import { type Program, wordTexts } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import { dataFiles } from './dataFiles.ts';
import type { Build, Ecosystem, ImageBase, Plan } from './ecosystem.ts';
import { readNodeCommand } from './node.ts';
import { readApplication } from './nodeApplication.ts';
import type { Reading } from './step.ts';
import { workFolders } from './workFolders.ts';

/** What `bun build --compile` makes links the C library of any Debian since 11. */
const bases: readonly ImageBase[] = [
  { reference: 'gcr.io/distroless/base-nossl-debian12', shell: false, packageManager: 'none' },
  { reference: 'debian:bookworm-slim', shell: true, packageManager: 'apt' },
];

/** Programs in Bun: one executable, where the file compiles one, else the application on the slim variant. */
export const bun: Ecosystem = {
  id: 'bun',
  name: 'Bun',

  detect: ({ image, scene }) =>
    image === 'oven/bun' &&
    scene.runs.some((run) => run.programs.some(({ name }) => name === 'bun' || name === 'bunx')),

  read: (program) => readBun(program) ?? readNodeCommand(program),

  plan(build) {
    const { start, steps } = build;
    const watching = start.programs.find(({ args }) => args.some((word) => /^--(?:hot|watch)$/.test(word)));
    if (watching !== undefined)
      block('needs-toolchain', `${watching.by} has Bun watch the sources.`, {
        line: start.line,
        unblock: 'Start the program without watching it.',
      });
    const made = steps.filter(({ program }) => program.name === 'bun').flatMap(({ writes }) => writes);
    const artefact = start.paths.find((path) => made.includes(path));
    return artefact === undefined ? planApplication(build) : planExecutable(build, artefact);
  },
};

function planExecutable({ subject, start, steps }: Build, artefact: string): Plan {
  if (subject.tag.distribution?.name === 'alpine')
    block('alpine-executable', 'What Bun compiles on Alpine links libraries that no smaller base has.', {
      line: subject.stage.from.line,
      unblock: 'Compile it on the image that is built on Debian.',
    });
  const files = dataFiles(subject, {
    start,
    isSource: /\.[cm]?[jt]sx?$|(?:^|\/)(?:bun\.lockb?|bunfig\.toml|package(?:-lock)?\.json|tsconfig[\w.]*\.json)$/,
    isProgram: /\.[cm]?[jt]sx?$/,
  });
  return {
    program: { kind: 'image', bases },
    copies: [{ path: artefact, isFolder: false, reason: 'the program that Bun compiles' }, ...files],
    buildFolders: workFolders(subject, steps),
    buildOnly: /^BUN_\w+$/,
  };
}

function planApplication(build: Build): Plan {
  const { argv, line } = build.start;
  if (argv[0]?.includes('/') === true && !/\.[cm]?[jt]sx?$/.test(argv[0]))
    block('no-artefact', `What makes ${argv[0]} is not known.`, { line });
  return readApplication(build, 'Bun', false).plan;
}

/** Reads the commands of Bun. */
function readBun({ name, args }: Program): Reading | undefined {
  if (name === 'bunx') return { kind: 'compile' };
  if (name !== 'bun') return undefined;
  const words = wordTexts(args);
  const verb = words.find((word) => !word.startsWith('-')) ?? '';
  if (/^(?:install|i|add|ci|update)$/.test(verb)) return { kind: words.includes('-g') ? 'toolchain' : 'fetch' };
  if (verb === 'test') return { kind: 'test' };
  if (verb === 'build' && words.includes('--compile')) {
    const output =
      words.find((word) => word.startsWith('--outfile='))?.slice('--outfile='.length) ??
      words[words.indexOf('--outfile') + 1];
    const isNamed = words.some((word) => word.startsWith('--outfile'));
    return { kind: 'compile', ...(isNamed && output !== undefined ? { writes: [output] } : {}) };
  }
  return verb === '' || verb === 'pm' ? { kind: 'neutral' } : { kind: 'compile' };
}
