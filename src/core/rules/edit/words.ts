import type { ShellScript, ShellWord } from '../../dockerfile/shellScript.ts';
import type { TextEdit } from '../../text.ts';

/** Adds a word behind another one, in the form that the instruction has. The word needs no quotes. */
export function insertWord(script: ShellScript, behind: ShellWord, word: string): TextEdit {
  const at = behind.span.end;
  return { start: at, end: at, newText: script.kind === 'exec' ? `, ${JSON.stringify(word)}` : ` ${word}` };
}
