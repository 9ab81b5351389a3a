import type { ShellCommand, ShellScript, ShellWord } from '../../dockerfile/shellScript.ts';
import { baseName } from '../../program/fileSystem.ts';

/** What a simple command comes to run, looked at through `sudo`, `env` and their like. */
export interface Program {
  readonly command: ShellCommand;
  /** Without its folder: `apt-get`; `pip` also for `pip3.12` and for `python3 -m pip`. */
  readonly name: string;
  /** The word that names it; for `python -m pip` the last of the three. */
  readonly nameWord: ShellWord;
  /** What follows the name. */
  readonly args: readonly ShellWord[];
  /** What a command put beside it needs before it to have the same rights: `sudo `, or nothing. */
  readonly prefix: string;
  /** Its operands come from elsewhere too: `xargs`. */
  readonly fed: boolean;
}

/** Commands that run the command behind them, and which of their options take a word. */
const wrappers: Readonly<Record<string, { readonly taking: RegExp; readonly operands?: number }>> = {
  sudo: { taking: /^-[CDghpRrTtUu]$/ },
  doas: { taking: /^-[Cu]$/ },
  env: { taking: /^-[uCS]$/ },
  command: { taking: /^$/ },
  exec: { taking: /^-a$/ },
  time: { taking: /^-[fo]$/ },
  nice: { taking: /^-n$/ },
  ionice: { taking: /^-[cn]$/ },
  nohup: { taking: /^$/ },
  eatmydata: { taking: /^$/ },
  stdbuf: { taking: /^-[ioe]$/ },
  timeout: { taking: /^-[ks]$/, operands: 1 },
  gosu: { taking: /^$/, operands: 1 },
  'su-exec': { taking: /^$/, operands: 1 },
  xargs: { taking: /^-[aEIILnPsd]$/ },
};

/** What each word stands for, as far as that is known, else the word as it is written. */
export function wordTexts(words: readonly ShellWord[]): readonly string[] {
  return words.map(({ value, text }) => value ?? text);
}

/** The programs that a script runs, in order; commands whose name nobody knows are left out. */
export function programsOf(script: Pick<ShellScript, 'commands'>): readonly Program[] {
  return script.commands.map(programOf).filter((program) => program !== undefined);
}

/** What a command runs; undefined where its name is known only when it runs. */
export function programOf(command: ShellCommand): Program | undefined {
  const { words } = command;
  let at = 0;
  let prefix = '';
  let fed = false;
  for (;;) {
    const word = words[at];
    if (word?.value === undefined) return undefined;
    const name = baseName(word.value);
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    const behind = wrapper && skipOptions(words, at + 1, wrapper.taking) + (wrapper.operands ?? 0);
    if (behind === undefined || behind >= words.length) {
      const { nameAt, name: named } = moduleOf(words, at) ?? { nameAt: at, name: name.replace(/^pip[\d.]+$/, 'pip') };
      return { command, name: named, nameWord: words[nameAt]!, args: words.slice(nameAt + 1), prefix, fed };
    }
    if (name === 'sudo' || name === 'doas') prefix = `${word.text} `;
    fed ||= name === 'xargs';
    at = behind;
  }
}

function skipOptions(words: readonly ShellWord[], from: number, taking: RegExp): number {
  let at = from;
  for (; at < words.length; at++) {
    const value = words[at]!.value;
    if (value === '--') return at + 1;
    // `env` and `sudo` take assignments as well.
    if (value === undefined || !(/^-./.test(value) || /^\w+=/.test(value))) return at;
    if (taking.test(value)) at++;
  }
  return at;
}

/** `python3 -m pip`: the module is the program. */
function moduleOf(words: readonly ShellWord[], at: number): { nameAt: number; name: string } | undefined {
  if (!/^(?:python|pypy)[\d.]*$/.test(baseName(words[at]!.value!))) return undefined;
  let option = at + 1;
  while (/^-[a-zA-Z]+$/.test(words[option]?.value ?? '') && words[option]!.value !== '-m') option++;
  const name = words[option]?.value === '-m' ? words[option + 1]?.value : undefined;
  return name === undefined ? undefined : { nameAt: option + 1, name };
}

/** The words of a command line apart: what begins with a dash, and the rest. */
export interface Arguments {
  readonly options: readonly ShellWord[];
  readonly operands: readonly ShellWord[];
}

/**
 * @param taking the options that take the next word for their value, which is then no operand.
 */
export function splitArguments(args: readonly ShellWord[], taking = /^$/): Arguments {
  const options: ShellWord[] = [];
  const operands: ShellWord[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const text = word.value ?? word.text;
    if (text === '--') {
      operands.push(...args.slice(at + 1));
      break;
    }
    if (!text.startsWith('-') || text === '-') operands.push(word);
    else {
      options.push(word);
      if (taking.test(text) && at + 1 < args.length) options.push(args[++at]!);
    }
  }
  return { options, operands };
}

/** True if one of the arguments is, or begins with, what the expression says; by what is known of them. */
export function hasArgument({ args }: Pick<Program, 'args'>, expression: RegExp): boolean {
  return args.some(({ value, text }) => expression.test(value ?? text));
}

/** The first argument that is no option: the verb of a program that has some. Empty where it is not known, or not there. */
export function firstOperand({ args }: Pick<Program, 'args'>): string {
  return args.find(({ text }) => !text.startsWith('-'))?.value ?? '';
}
