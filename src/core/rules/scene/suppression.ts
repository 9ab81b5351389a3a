import type { Dockerfile, Instruction } from '../../dockerfile/model.ts';
import type { Rule } from '../rule.ts';

/**
 * The comments that switch rules off: `# plimsoll-ignore id, id: reason` before an instruction or within it,
 * `# plimsoll-ignore-file id: reason` anywhere, and hadolint's `ignore=` and `global ignore=` for rules that have an
 * equivalent there. Without ids all rules are meant.
 */
export class Suppressions {
  readonly #file: ReadonlySet<string>;
  readonly #instructions = new Map<number, Set<string>>();

  constructor(dockerfile: Dockerfile) {
    const file = new Set<string>();
    const { instructions, comments, text } = dockerfile;
    let at = 0;
    for (const comment of comments) {
      // A comment belongs to the instruction that it is in, else to the next one.
      while (at < instructions.length && instructions[at]!.span.end < comment.start) at++;
      const pragma = readPragma(text.slice(comment.start, comment.end));
      if (!pragma) continue;
      const target = pragma.wholeFile ? file : this.#ofInstruction(at);
      for (const word of pragma.words) target.add(word);
    }
    this.#file = file;
  }

  suppresses({ id, hadolint = [] }: Pick<Rule, 'id' | 'hadolint'>, { index }: Instruction): boolean {
    const here = this.#instructions.get(index);
    if (this.#file.size === 0 && here === undefined) return false;
    return ['*', id, ...hadolint].some((word) => this.#file.has(word) || here?.has(word) === true);
  }

  #ofInstruction(index: number): Set<string> {
    let words = this.#instructions.get(index);
    if (!words) this.#instructions.set(index, (words = new Set()));
    return words;
  }
}

interface Pragma {
  readonly wholeFile: boolean;
  readonly words: readonly string[];
}

function readPragma(comment: string): Pragma | undefined {
  const own = /^#+\s*plimsoll-ignore(-file)?(?:\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?::.*)?|\s*:.*|\s*)$/s.exec(comment);
  if (own) return { wholeFile: own[1] !== undefined, words: own[2]?.split(/\s*,\s*/) ?? ['*'] };
  const hadolint = /^#\s*hadolint\s+(global\s+)?ignore\s*=\s*((?:DL|SC)\d+(?:\s*,\s*(?:DL|SC)\d+)*)/.exec(comment);
  if (hadolint) return { wholeFile: hadolint[1] !== undefined, words: hadolint[2]!.split(/\s*,\s*/) };
  return undefined;
}
