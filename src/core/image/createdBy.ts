import type { HistoryEntry } from './image.ts';

/** The tool whose spelling an entry of an image's history has. */
export type HistorySpelling = 'buildkit' | 'classic' | 'kaniko' | 'plain';

/** One entry of an image's history, read: the same instruction has the same normal form whichever builder wrote it. */
export interface HistoryInstruction {
  /** `RUN`, `COPY`, …; absent where the entry is no Dockerfile instruction (`docker commit`, `ko build`, an import). */
  readonly keyword?: string;
  /**
   * The arguments for people: no builder's marks, no shell in front of a command, blanks outside quotes collapsed, JSON for
   * lists. Sources that the builder wrote as a hash are `<file>`, `<dir>` or `<files>`.
   */
  readonly text: string;
  readonly spelling: HistorySpelling;
  /** The shell words in front of a command, `/bin/sh -c`; absent for the exec form and for what is no command. */
  readonly shell?: string;
  /** Values that `ARG`s had while a `RUN` ran, `NAME=value`. */
  readonly buildArgs: readonly string[];
  /** False where `COPY` or `ADD` names its sources by a hash. */
  readonly sourcesKnown: boolean;
}

/** Instructions that never make a layer. `WORKDIR` may: it makes the directory. */
export const layerless: ReadonlySet<string> = new Set([
  ...['ARG', 'CMD', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'LABEL', 'MAINTAINER', 'ONBUILD', 'SHELL'],
  ...['STOPSIGNAL', 'USER', 'VOLUME'],
]);
const keywords: ReadonlySet<string> = new Set([...layerless, 'ADD', 'COPY', 'FROM', 'RUN', 'WORKDIR']);

/**
 * Reads one history entry. Spellings seen in the wild, and kept as fixtures in `test/fixtures/history`:
 * - BuildKit: `COPY a b /dst # buildkit`, `RUN |1 A=b /bin/sh -c make # buildkit`, `EXPOSE map[80/tcp:{}]`
 * - Docker's first builder, Podman and Buildah: `/bin/sh -c #(nop)  CMD ["sh"]`, `/bin/sh -c #(nop) COPY file:5f… in /dst `,
 *   `|1 A=b /bin/sh -c make`
 * - Kaniko: the instruction as the Dockerfile has it
 *
 * @param shell the words of the `SHELL` in force where the history said so, `/bin/bash -o pipefail -c`
 */
export function readHistoryEntry(entry: HistoryEntry, shell?: string): HistoryInstruction {
  const written = (entry.createdBy ?? '').trim();
  const nop = /^([^\n#]*?)#\(nop\)\s+([A-Z]+)\b\s?([\s\S]*)$/.exec(written);
  if (nop && keywords.has(nop[2]!)) return readClassic(nop[2]!, nop[3]!.trim());

  const marked = written.endsWith(' # buildkit');
  const fromBuildKit = marked || (entry.comment ?? '').startsWith('buildkit.');
  const body = marked ? written.slice(0, -' # buildkit'.length) : written;
  const word = /^([A-Z]+)(?:\s+([\s\S]*))?$/.exec(body);
  if (word && keywords.has(word[1]!)) {
    const spelling = fromBuildKit ? 'buildkit' : 'kaniko';
    const args = word[2] ?? '';
    if (word[1] === 'RUN') return readCommand(args, spelling, shell);
    return { ...blank, keyword: word[1]!, text: normalArguments(word[1]!, args.trim()), spelling };
  }
  const command = readCommand(body, 'classic', shell);
  if (command.shell !== undefined || command.buildArgs.length > 0) return command;
  return { ...blank, text: collapseBlanks(body || (entry.comment ?? '')), spelling: 'plain' };
}

/** Reads a whole history; a `SHELL` entry holds for the entries above it. */
export function readHistory(history: readonly HistoryEntry[]): HistoryInstruction[] {
  let shell: string | undefined;
  return history.map((entry) => {
    const read = readHistoryEntry(entry, shell);
    if (read.keyword === 'SHELL') shell = jsonWords(read.text)?.join(' ') ?? shell;
    return read;
  });
}

/** The normal form as one line of text: `RUN make`, or what a tool wrote that is no instruction. */
export function instructionText(instruction: HistoryInstruction): string {
  return instruction.keyword === undefined ? instruction.text : `${instruction.keyword} ${instruction.text}`.trim();
}

/** The strings of a JSON list, or undefined where the text is none. */
export function jsonWords(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((word) => typeof word === 'string') ? value : undefined;
  } catch {
    return undefined; // Not JSON after all: a shell command may begin with a bracket.
  }
}

/** Runs of blanks as one, except inside quotes; lines and their indentation stay, a heredoc lives by them. */
function collapseBlanks(text: string): string {
  let result = '';
  let quote: string | undefined;
  for (const char of text.trim()) {
    if (char === quote) quote = undefined;
    else if (quote === undefined && (char === '"' || char === "'")) quote = char;
    if (quote === undefined && (char === ' ' || char === '\t') && /\S[ \t]$/.test(result)) continue;
    result += char;
  }
  return result;
}

const blank = { buildArgs: [], sourcesKnown: true } as const;

function readClassic(keyword: string, args: string): HistoryInstruction {
  // The first builder glues the flag to the hash: `--chown=1:1file:7a3… in /dst`.
  const copy = /^((?:--\S+?\s?)*?)(file|dir|multi):[0-9a-f]{64}(?: in ([\s\S]*))?$/.exec(args);
  if (copy && (keyword === 'COPY' || keyword === 'ADD')) {
    const sources = copy[2] === 'multi' ? '<files>' : `<${copy[2]}>`;
    const text = [copy[1]!.trim(), sources, (copy[3] ?? '').trim()].filter(Boolean).join(' ');
    return { ...blank, keyword, text, spelling: 'classic', sourcesKnown: false };
  }
  return { ...blank, keyword, text: normalArguments(keyword, args), spelling: 'classic' };
}

const commonShell =
  /^((?:\/\S*\/)?(?:ba|da|a|z|k|mk)?sh(?: (?:-o \w+|[-+]\w+))*? -\w*c|(?:\S*\\)?cmd(?:\.exe)? (?:\/\w )*\/c|(?:\S*\\)?(?:powershell|pwsh)(?:\.exe)? (?:-\w+ )*?-command)(?:\s|$)/i;

function readCommand(written: string, spelling: HistorySpelling, shell: string | undefined): HistoryInstruction {
  const { buildArgs, rest } = splitBuildArgs(written);
  const found = shell !== undefined && rest.startsWith(`${shell} `) ? shell : commonShell.exec(rest)?.[1];
  const command = (found === undefined ? rest : rest.slice(found.length)).trim();
  return {
    keyword: 'RUN',
    text: collapseBlanks(command),
    spelling,
    ...(found === undefined ? {} : { shell: found }),
    buildArgs,
    sourcesKnown: true,
  };
}

/** `|2 A=1 B=two words /bin/sh -c make`: how many, then each; values are not quoted, so the last one ends at a shell or a blank. */
function splitBuildArgs(written: string): { buildArgs: string[]; rest: string } {
  const counted = /^\|(\d{1,3}) /.exec(written);
  if (!counted) return { buildArgs: [], rest: written };
  const count = Number(counted[1]);
  const buildArgs: string[] = [];
  let rest = written.slice(counted[0].length);
  while (buildArgs.length < count) {
    const end = buildArgs.length + 1 < count ? rest.search(/ \w+=/) : lastValueEnd(rest);
    if (!/^\w+=/.test(rest)) break;
    if (end < 0) {
      buildArgs.push(rest);
      rest = '';
      break;
    }
    buildArgs.push(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
  return { buildArgs, rest };
}

function lastValueEnd(rest: string): number {
  for (let at = rest.indexOf(' '); at >= 0; at = rest.indexOf(' ', at + 1)) {
    if (commonShell.test(rest.slice(at + 1))) return at;
  }
  return rest.indexOf(' ');
}

/** Takes Go's printing of its own values out of the arguments: `map[80/tcp:{}]`, `[/a /b]`, `["a" "b"]`, `&{…}`. */
function normalArguments(keyword: string, args: string): string {
  switch (keyword) {
    case 'CMD':
    case 'ENTRYPOINT':
      return goStrings(args) ?? collapseBlanks(args);
    case 'EXPOSE':
      return /^(?:map)?\[([^\]]*)\]$/.exec(args)?.[1]?.replaceAll(':{}', '') ?? collapseBlanks(args);
    case 'VOLUME':
      return jsonWords(args)?.join(' ') ?? /^\[([^\]]*)\]$/.exec(args)?.[1] ?? collapseBlanks(args);
    case 'SHELL':
      return spacedWords(args) ?? collapseBlanks(args);
    case 'HEALTHCHECK':
      return goHealthcheck(args) ?? collapseBlanks(args);
    default:
      return collapseBlanks(args);
  }
}

/** `["a" "b c"]` as `["a","b c"]`: Go prints a list of strings without commas. */
function goStrings(args: string): string | undefined {
  if (!/^\[.*\]$/s.test(args)) return undefined;
  const strings = [...args.matchAll(/"(?:[^"\\]|\\.)*"/gs)].map((match) => match[0]);
  return jsonText(jsonWords(`[${strings.join(',')}]`) ?? jsonWords(args));
}

function spacedWords(args: string): string | undefined {
  const words = jsonWords(args) ?? /^\[([^\]"]*)\]$/.exec(args)?.[1]?.split(' ');
  return jsonText(words);
}

function jsonText(words: readonly string[] | undefined): string | undefined {
  return words === undefined ? undefined : `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** `&{["CMD-SHELL" "true"] "5s" "0s" …}`: the test, then interval, timeout and start period. */
function goHealthcheck(args: string): string | undefined {
  const match = /^&\{(\[.*?\]) "([^"]*)" "([^"]*)" "([^"]*)"/s.exec(args);
  const test = match && jsonWords(goStrings(match[1]!) ?? '');
  if (!match || !test) return undefined;
  if (test[0] === 'NONE') return 'NONE';
  const flags = ['interval', 'timeout', 'start-period'].flatMap((name, i) => {
    const value = match[i + 2]!;
    return value === '0s' ? [] : [`--${name}=${value}`];
  });
  const command = test[0] === 'CMD-SHELL' ? (test[1] ?? '') : (jsonText(test.slice(1)) ?? '');
  return [...flags, 'CMD', command].join(' ');
}
