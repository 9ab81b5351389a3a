import type { ShellWord } from '../../dockerfile/shellScript.ts';
import type { Program } from './program.ts';

/**
 * The files that `curl` or `wget` write: the words that name them, or the URLs whose last part does. Empty where they
 * write to their standard output.
 */
export function downloadsOf({ name, args, command }: Program): readonly ShellWord[] {
  if (name !== 'curl' && name !== 'wget' && name !== 'aria2c') return [];
  const named: ShellWord[] = [];
  const option = name === 'wget' ? /^(?:-[a-zA-Z]*O|--output-document)$/ : /^(?:-[a-zA-Z]*o|--output|--out)$/;
  const joined = /^(?:--output(?:-document)?=|-[a-zA-Z]*?[oO](?=[/.\w]*[/.]))(.+)$/;
  args.forEach((word, at) => {
    const text = word.value ?? word.text;
    if (option.test(text) && args[at + 1]) named.push(args[at + 1]!);
    else if (/^--output(?:-document)?=/.test(text)) named.push(valueOf(word, joined.exec(text)?.[1] ?? ''));
  });
  if (named.length > 0) return named.filter(({ text }) => text !== '-' && text !== '/dev/stdout');
  const toFile = command.redirections.find(({ operator }) => operator === '>' || operator === '>|')?.target;
  if (toFile) return [toFile];
  const keepsName =
    name === 'wget'
      ? !args.some(({ value }) => /^-[a-zA-Z]*O|^--spider$/.test(value ?? ''))
      : args.some(({ value }) => /^-[a-zA-Z]*O$|^--remote-name(?:-all)?$/.test(value ?? ''));
  if (!keepsName) return [];
  return args
    .filter(({ value, text }) => /^(?:https?|ftp):/.test(value ?? text.replace(/^["']/, '')))
    .map((word) => valueOf(word, lastPart(word.value ?? word.text.replace(/["']$/, ''))));
}

function valueOf(word: ShellWord, text: string): ShellWord {
  return { ...word, text, ...(word.value === undefined ? {} : { value: text }) };
}

function lastPart(url: string): string {
  return url.replace(/[?#].*$/, '').replace(/^.*\//, '');
}
