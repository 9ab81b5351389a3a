import { verbOf } from './cacheLeft.ts';
import type { Rule } from './rule.ts';
import { copiesOf } from './scene/files.ts';
import type { Program } from './scene/program.ts';

export const sourcesBeforeDependencies: Rule = {
  id: 'sources-before-dependencies',
  title: 'Dependencies installed after all sources are copied',
  why: 'A builder reuses a layer only while everything before it is unchanged. Where all sources are copied first, every edit of any file installs all dependencies again. Copy the files that name the dependencies (`package.json` and its lock, `requirements.txt`, `go.mod`), install, and copy the rest after that. It costs time, not bytes.',
  concerns: 'files',

  detect(scene) {
    const whole = copiesOf(scene).find(
      ({ from, sources }) => from === undefined && sources.some((source) => /^\.?\/?$/.test(source)),
    )?.instruction;
    if (!whole) return [];
    // Only the first install: the next ones use what it fetched.
    for (const run of scene.runs) {
      const install = run.programs.find((program) => installsDependencies(program));
      if (!install) continue;
      if (run.instruction.index < whole.index || run.mounts.some(({ type }) => type === 'cache')) return [];
      const message = `All sources are copied before this, so every change of one installs all dependencies again. Copy what names them first.`;
      return [{ instruction: run.instruction, span: install.command.span, message, timeOnly: true }];
    }
    return [];
  },
};

const node = new Set(['install', 'i', 'ci', 'clean-install']);
const install = new Set(['install']);

function installsDependencies(program: Program): boolean {
  const { name, args } = program;
  const named = args.filter(({ value, text }) => !(value ?? text).startsWith('-'));
  switch (name) {
    case 'npm':
    case 'pnpm':
      return verbOf(program, node) !== undefined && named.length === 1;
    case 'yarn':
      return (
        args.every(({ text }) => text.startsWith('-')) || (verbOf(program, install) !== undefined && named.length === 1)
      );
    case 'pip':
      return (
        verbOf(program, install) !== undefined && args.some(({ value }) => value === '-r' || value === '--requirement')
      );
    case 'bundle':
    case 'composer':
    case 'poetry':
      return verbOf(program, install) !== undefined;
    case 'go':
      return named[0]?.value === 'mod' && named[1]?.value === 'download';
    default:
      return false;
  }
}
