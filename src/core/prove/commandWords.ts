import { emptyScope } from '../dockerfile/scope.ts';
import { readShellText } from '../dockerfile/shellCommands.ts';

/**
 * The words of a command that a user typed: taken apart where it is one plain command, so that it can be run in an image
 * without a shell, and handed to `/bin/sh` where it asks for one (pipes, variables, `&&`). Empty for nothing.
 */
export function commandWords(text: string): readonly string[] {
  const { commands, statements } = readShellText(text, emptyScope);
  const [command] = commands;
  if (text.trim() === '') return [];
  const isPlain =
    command !== undefined &&
    commands.length === 1 &&
    statements.length === 1 &&
    statements[0]!.form === 'command' &&
    !statements[0]!.background &&
    command.assignments.length === 0 &&
    command.redirections.length === 0;
  const words = isPlain ? command.words.map(({ value, glob }) => (glob ? undefined : value)) : [];
  return isPlain && words.every((word) => word !== undefined) ? words : ['/bin/sh', '-c', text];
}
