import type { Dockerfile, Instruction } from '../dockerfile/model.ts';
import { shellCommands } from '../dockerfile/shell.ts';
import type { ShellScript } from '../dockerfile/shellScript.ts';

/**
 * Scripts of instructions that were read before, so that a keystroke costs the reading of one of them and not of all. Spans
 * are those of the text in which a script was first seen: who asks here does not look at them.
 */
export class ScriptMemo {
  #scripts = new Map<string, ShellScript>();
  #before: ReadonlyMap<string, ShellScript> = new Map();

  /** Forgets what the text before last had and the last has not. */
  nextText(): void {
    this.#before = this.#scripts;
    this.#scripts = new Map();
  }

  read(dockerfile: Dockerfile, instruction: Instruction): ShellScript {
    const { span, shell } = instruction;
    const text = dockerfile.text.slice(span.start, span.end);
    // What a variable stands for depends on the instructions above.
    if (text.includes('$')) return shellCommands(dockerfile, instruction);
    const key = JSON.stringify([text, shell, dockerfile.escape]);
    let script = this.#scripts.get(key) ?? this.#before.get(key);
    script ??= shellCommands(dockerfile, instruction);
    this.#scripts.set(key, script);
    return script;
  }
}
