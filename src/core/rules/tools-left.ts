import type { ShellWord } from '../dockerfile/shellScript.ts';
import type { Span, TextEdit } from '../text.ts';
import { verbOf } from './cacheLeft.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCall } from './scene/apt.ts';
import { type Program, splitArguments } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface ToolsHit extends Hit {
  readonly run: Run;
  readonly program: Program;
  readonly words: readonly ShellWord[];
  /** All packages of the call. */
  readonly count: number;
}

/** Packages for people at a prompt, and the commands that they are for. */
const prompts =
  /^(?:vim(?:-tiny|-nox|-enhanced|-minimal)?|nano|emacs(?:-nox)?|less|htop|top|tmux|screen|man-db|man-pages|strace|ltrace|gdb|lsof|telnet|net-tools|iputils-ping|iputils|dnsutils|bind-utils|bind-tools|traceroute|tcpdump|mc|tree|bash-completion|ncdu)$/;
/** What fetches things while an image is built; programs rarely call it. */
const fetchers: Readonly<Record<string, RegExp>> = {
  curl: /\bcurl\b/,
  wget: /\bwget\b/,
  git: /\bgit\b/,
  'openssh-client': /\b(?:ssh|scp|sftp)\b/,
  'openssh-clients': /\b(?:ssh|scp|sftp)\b/,
  unzip: /\bunzip\b/,
};

export const toolsLeft: Rule<ToolsHit> = {
  id: 'tools-left',
  title: 'Tools that nothing in the file uses',
  why: 'Editors, debuggers and tools for the network are for people at a prompt; `curl`, `wget` and `git` are mostly for the build. Where no later command of the file, no start command and no health check names one, the image may do without: a debug container, or `docker debug`, brings them when somebody needs them. A program or a script may call one all the same, which the file does not show, so it is a hint and the fix asks.',

  detect(scene) {
    if (!scene.ships) return [];
    return scene.runs.flatMap((run) =>
      run.programs.flatMap((program): ToolsHit[] => {
        const named = packagesOf(program);
        const words = named.filter(({ value }) => isUnused(scene, run, program, bare(value!)));
        if (words.length === 0) return [];
        const names = words.map(({ value }) => bare(value!));
        const { instruction } = run;
        const saves = aptCall(program)
          ? scene.evidence.packages({ instruction, manager: 'apt', packages: names, what: 'installed' })
          : undefined;
        const message = `Nothing in this file uses ${names.join(', ')} after this. Leave out what the program does not call.`;
        return [
          {
            ...{ instruction, run, program, words, count: named.length },
            ...{ span: program.command.span, message, saves, isGuess: true },
          },
        ];
      }),
    );
  },

  fix({ instruction, run, program, words, count }, { dockerfile: { text } }) {
    if (run.script.kind !== 'shell' || words.length === count) return undefined;
    const edits = neighbours(program, words).map((span) => leaveOut(text, instruction.span.start, span));
    return { title: `Leave out ${words.map(({ text: word }) => word).join(', ')}`, confidence: 'ask', edits };
  },
};

/** Where the words are, those beside each other together. */
function neighbours({ args }: Program, words: readonly ShellWord[]): readonly Span[] {
  const spans: Span[] = [];
  for (const word of words) {
    const before = args[args.indexOf(word) - 1];
    const last = spans.at(-1);
    if (last && before?.span.end === last.end) spans.splice(-1, 1, { start: last.start, end: word.span.end });
    else spans.push(word.span);
  }
  return spans;
}

/**
 * With the blanks before it, and where it begins a line with the continuation and the comments above. Comments above a
 * word that has others below it may be about those: there it is the word's own line that goes.
 */
function leaveOut(text: string, from: number, { start, end }: Span): TextEdit {
  const above = /(?:[ \t]*[\\`][ \t]*(?:\r\n|\r|\n)((?:[ \t]*#[^\r\n]*(?:\r\n|\r|\n))*))?([ \t]*)$/;
  const [before, comments = '', blanks] = above.exec(text.slice(from, start))!;
  const continuation = /[ \t]*[\\`][ \t]*(?:\r\n|\r|\n)/y;
  continuation.lastIndex = end;
  const after = comments === '' ? undefined : continuation.exec(text)?.[0];
  return after === undefined
    ? { start: start - before.length, end, newText: '' }
    : { start: start - blanks!.length, end: end + after.length, newText: '' };
}

const adding = new Set(['add', 'install', 'in']);

function packagesOf(program: Program): readonly ShellWord[] {
  const call = aptCall(program);
  const words = call
    ? call.verb === 'install'
      ? call.operands
      : []
    : /^(?:apk|dnf|dnf5|yum|microdnf|zypper)$/.test(program.name) && verbOf(program, adding, /^-[tXp]$/)
      ? splitArguments(program.args, /^(?:-t|--virtual|-X|--repository|-p|--root)$/).operands.slice(1)
      : [];
  return words.filter(({ value }) => value !== undefined);
}

function bare(name: string): string {
  return name.replace(/[=~<>:@/].*$/, '');
}

function isUnused(scene: Scene, run: Run, program: Program, name: string): boolean {
  const uses = prompts.test(name) ? new RegExp(`\\b${name.replace(/-.*$/, '')}\\b`) : fetchers[name];
  if (!uses || program.fed) return false;
  const isMeant = ({ command, name: called }: Program): boolean =>
    uses.test(called) || (!packageManager.test(called) && command.words.some(({ text }) => uses.test(text)));
  // `go get`, `pip install git+…`, `npm ci` and their like call git and curl by themselves.
  if (fetchers[name] && run.after(program).some(({ name: called }) => fetching.test(called))) return false;
  if (run.after(program).some(isMeant)) return false;
  return !scene.holdsFromHere(`tools-left ${name}`, (each) => usesIt(each, run, uses, fetchers[name] !== undefined));
}

const packageManager = /^(?:apt|apt-get|aptitude|apk|dnf|dnf5|yum|microdnf|zypper)$/;
const fetching =
  /^(?:go|pip|npm|yarn|pnpm|bun|cargo|composer|bundle|gem|poetry|uv|make|cmake|mvn|gradle|dotnet|mix|sh|bash)$/;

/** Any other instruction that names it; for what fetches also those that run something which may call it. */
function usesIt({ stage, dockerfile: { text }, runs }: Scene, install: Run, uses: RegExp, fetches: boolean): boolean {
  const says = stage.instructions.some(
    ({ keyword, span, index }) =>
      index !== install.instruction.index &&
      keyword !== 'FROM' &&
      keyword !== 'LABEL' &&
      uses.test(text.slice(span.start, span.end)),
  );
  if (says) return true;
  const scripts = stage.instructions.some(
    ({ keyword, argsSpan }) =>
      (keyword === 'ENTRYPOINT' || keyword === 'CMD') &&
      /\.sh\b|entrypoint/.test(text.slice(argsSpan.start, argsSpan.end)),
  );
  return (
    fetches &&
    (scripts ||
      runs.some(
        ({ instruction, programs }) =>
          instruction.index > install.instruction.index &&
          programs.some(({ name }) => fetching.test(name) || name.endsWith('.sh')),
      ))
  );
}
