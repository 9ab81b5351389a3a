import type { Instruction } from '../../dockerfile/model.ts';
import { baseName } from '../../program/fileSystem.ts';
import { defaultPath } from '../../program/searchPath.ts';
import { type Program, splitArguments } from '../../rules/scene/program.ts';
import type { Subject } from './subject.ts';

/** The folders in which a program is looked for before an instruction, the base's own where nothing else is said. */
export function searchPath(subject: Subject, before: Instruction): readonly string[] {
  let path = subject.config?.env.PATH ?? defaultPath;
  for (const { instruction, value } of pathSettings(subject)) {
    if (instruction.index >= before.index && instruction !== before) break;
    path = subject.scene.expanded(instruction, value.replace(/\$(?:PATH\b|\{PATH\})/g, path)) ?? path;
  }
  return path.split(':');
}

/** What `ENV` sets `PATH` to, in order; as written. */
export function pathSettings({
  stage,
}: Subject): readonly { readonly instruction: Instruction; readonly value: string }[] {
  return stage.instructions.flatMap((instruction) => {
    if (instruction.keyword !== 'ENV') return [];
    const { words } = instruction;
    if (words[0]?.text === 'PATH')
      return [
        {
          instruction,
          value: words
            .slice(1)
            .map(({ text }) => text)
            .join(' '),
        },
      ];
    return words
      .filter(({ text }) => text.startsWith('PATH='))
      .map(({ text }) => ({ instruction, value: text.slice('PATH='.length) }));
  });
}

/** What is called: `pip`, `/opt/venv/bin/pip`, or the interpreter of `python -m pip`. */
export function calledProgram({ command, nameWord }: Program): string | undefined {
  const { words } = command;
  const at = words.indexOf(nameWord);
  const isModule = words[at - 1]?.value?.startsWith('-') === true;
  const called = isModule
    ? words.slice(0, at).findLast(({ value }) => /^python[\d.]*$/.test(baseName(value ?? '')))
    : nameWord;
  return called?.value;
}

export function hasWord({ args }: Program, word: string): boolean {
  return args.some(({ value }) => value === word);
}

/** The first word that is no option. */
export function verb(args: Program['args']): string {
  return splitArguments(args).operands[0]?.value ?? '';
}
