import { splitWords } from './splitWords.ts';

/** What the commands and pipelines of a file say of how images are built. */
export interface BuildCommands {
  /** A builder without BuildKit is used: the classic one, or kaniko. */
  readonly withoutBuildKit: boolean;
  readonly targets: readonly BuildTarget[];
  readonly images: readonly BuiltImage[];
}

/** What a command builds under which name. Paths as they stand there. */
export interface BuiltImage {
  readonly image: string;
  readonly context: string;
  /** Relative to where the command runs; absent for the context's own. */
  readonly dockerfile?: string;
}

export interface BuildTarget {
  readonly target: string;
  /** One-based. */
  readonly line: number;
  /** As the command names it; absent where it names none. */
  readonly dockerfile?: string;
}

const buildCommand = /\b(?:docker|podman|nerdctl)\b.*\b(?:build|buildx|bake)\b|\bbuildah\b|\bkaniko\b|\/executor\b/;
const targetFlag = /(?:^|\s|["'[,])--target(?:=|\s+|["'],\s*["'])["']?([\w.-]+)/;
const fileFlag = /(?:^|\s|["'[,])(?:-f|--file|--dockerfile)(?:=|\s+|["'],\s*["'])["']?([^\s"',]+)/;

/**
 * Reads what a pipeline, a Makefile or a script has built, line by line, whatever its language is: the commands look the same
 * in all of them. A mention in a comment counts too: it is more often a command switched off for now than a word by chance.
 */
export function readBuildCommands(text: string): BuildCommands {
  const targets: BuildTarget[] = [];
  const images: BuiltImage[] = [];
  for (const { line, text: command } of joinedLines(text)) {
    const target = buildCommand.test(command) ? targetFlag.exec(command)?.[1] : undefined;
    const dockerfile = fileFlag.exec(command)?.[1];
    if (target !== undefined) targets.push({ target, line, ...(dockerfile === undefined ? {} : { dockerfile }) });
    images.push(...builtImages(command));
  }
  return {
    withoutBuildKit: /\bDOCKER_BUILDKIT["']?\s*[:=]+\s*["']?0\b|\bkaniko\b/.test(text),
    targets: [...targets, ...actionTargets(text)],
    images,
  };
}

/** Flags of `docker build` that take the next word. */
const valueFlags =
  /^(?:-[ftomcu]|--(?:tag|file|target|build-arg|build-context|platform|cache-from|cache-to|label|annotation|network|secret|ssh|output|builder|progress|iidfile|metadata-file|add-host|allow|attest|memory|shm-size|ulimit|isolation|layers|format))$/;

/** The names that a command gives to what it builds; none where it first goes elsewhere, or what it builds is a variable. */
function builtImages(command: string): readonly BuiltImage[] {
  const call = /\b(?:docker|podman|nerdctl|buildx)\s+(?:image\s+)?(?:build|bud)\s+([^;&|]*)/.exec(command);
  if (call === null || /\b(?:cd|pushd)\s|\s-C\s/.test(command.slice(0, call.index))) return [];
  const words = splitWords(call[1]!);
  const names: string[] = [];
  let dockerfile: string | undefined;
  let context: string | undefined;
  for (let at = 0; at < words.length; at++) {
    const [, flag, joined] = /^(--?[\w-]+)(?:=(.*))?$/.exec(words[at]!) ?? [];
    if (flag === undefined) {
      context ??= words[at]!;
      continue;
    }
    const value = joined ?? (valueFlags.test(flag) ? words[++at] : undefined);
    if (flag === '-t' || flag === '--tag') names.push(value ?? '');
    if (flag === '-f' || flag === '--file') dockerfile = value ?? '$';
  }
  if (context === undefined || /[$`{]/.test(context + (dockerfile ?? ''))) return [];
  const where = { context, ...(dockerfile === undefined ? {} : { dockerfile }) };
  return names.filter((name) => name !== '').map((image) => ({ image, ...where }));
}

/** Lines, those that end in a backslash or a backtick together with what follows. */
function joinedLines(text: string): { line: number; text: string }[] {
  const joined: { line: number; text: string }[] = [];
  let goesOn = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const own = line.replace(/[\\`]\s*$/, ' ');
    if (goesOn) joined.at(-1)!.text += own;
    else joined.push({ line: index + 1, text: own });
    goesOn = own !== line;
  }
  return joined;
}

/** The inputs `target` and `file` of `docker/build-push-action`, which stand on the same level below its `with`. */
function actionTargets(text: string): BuildTarget[] {
  const found: BuildTarget[] = [];
  const lines = text.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    if (!/uses:\s*["']?docker\/build-push-action/.test(line)) continue;
    const end = lines.findIndex((other, at) => at > index && /^\s*- /.test(other));
    const step = lines.slice(index, end === -1 ? undefined : end);
    const at = step.findIndex((other) => /^\s*target:/.test(other));
    const target = inputOf(step, 'target');
    const dockerfile = inputOf(step, 'file');
    if (target !== undefined) {
      found.push({ target, line: index + at + 1, ...(dockerfile === undefined ? {} : { dockerfile }) });
    }
  }
  return found;
}

function inputOf(step: readonly string[], name: string): string | undefined {
  const found = step.find((line) => line.trimStart().startsWith(`${name}:`));
  return found === undefined ? undefined : /:\s*["']?([^\s"'#]+)/.exec(found)?.[1];
}
