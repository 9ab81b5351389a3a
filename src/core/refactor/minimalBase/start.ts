import type { Instruction } from '../../dockerfile/model.ts';
import type { TextEdit } from '../../text.ts';
import { readDistroless } from '../../base/distroless.ts';
import { baseName } from '../../program/fileSystem.ts';
import { type Consumer, startsElsewhere } from '../project.ts';
import type { Note } from '../refactoring.ts';
import { isPassThrough } from '../whatStarts.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { npmScript } from './npmScript.ts';
import { linesOf } from './rewriteRun.ts';
import type { SwapSubject, Target } from './subject.ts';
import type { Uses } from './uses.ts';

/** What the container starts on another base: the same, by the name that it has there. */
export interface StartChange {
  readonly verdicts: readonly Verdict[];
  /** Whole instructions, to stand behind `FROM`. */
  readonly lines: readonly string[];
}

/** Interpreters of distroless images, by flavor. */
const interpreters: Readonly<Record<string, RegExp>> = {
  nodejs: /^(?:\/usr\/local\/bin\/|\/usr\/bin\/)?(?:node|nodejs)$/,
  python3: /^(?:\/usr\/local\/bin\/|\/usr\/bin\/)?python(?:3(?:\.13)?)?$/,
  java: /^(?:\/opt\/java\/openjdk\/bin\/|\/usr\/bin\/)?java$/,
};

export function startChange(subject: SwapSubject, target: Target, uses: Uses): StartChange {
  if (!subject.starts) {
    return { verdicts: [passed('start-command', 'Nothing is started from this stage.')], lines: [] };
  }
  const flavor = readDistroless(target.image)?.flavor;
  if (flavor !== undefined && Object.hasOwn(interpreters, flavor) && flavor !== readDistroless(subject.image)?.flavor) {
    return interpreted(subject, target, uses, interpreters[flavor]!);
  }
  const { verdicts, lines } = inherited(subject, target, uses);
  return { lines, verdicts: target.hasShell ? verdicts : [...rewriteShellForms(subject, uses), ...verdicts] };
}

/** Shell forms of one plain command become JSON forms. */
function rewriteShellForms(subject: SwapSubject, uses: Uses): readonly Verdict[] {
  return uses.shellUsers.flatMap(({ plain, line }) => {
    if (plain === undefined) return [];
    const { instruction, words } = plain;
    const text = `${instruction.keyword} is in the JSON form now, since there is no shell to read it.`;
    return [
      passed('start-command', text, {
        edits: [jsonForm(instruction, words), ...(instruction === uses.entrypoint ? overridden(subject, uses) : [])],
        notes: [{ kind: 'changed', text, ...(line === undefined ? {} : { line }) }],
        ...(line === undefined ? {} : { line }),
      }),
    ];
  });
}

/** The shell form of `ENTRYPOINT` ignores `CMD`; in the JSON form it would be given it, so that goes. */
function overridden({ dockerfile, instructions }: SwapSubject, { entrypoint }: Uses): readonly TextEdit[] {
  if (entrypoint === undefined || entrypoint.json !== undefined) return [];
  return instructions
    .filter(({ keyword, stage }) => keyword === 'CMD' && stage >= entrypoint.stage)
    .map(({ span }) => ({ ...linesOf(dockerfile, span), newText: '' }));
}

/** The arguments of `CMD`, `ENTRYPOINT` or `HEALTHCHECK CMD` as a list. */
function jsonForm({ argsSpan, keyword, words }: Instruction, argv: readonly string[]): TextEdit {
  const newText = `[${argv.map((word) => JSON.stringify(word)).join(', ')}]`;
  // The word behind HEALTHCHECK stays.
  return keyword === 'HEALTHCHECK'
    ? { start: words[0]!.span.end, end: argsSpan.end, newText: ` ${newText}` }
    : { ...argsSpan, newText };
}

/** The start command where the base has no other interpreter than the present one. */
function inherited(subject: SwapSubject, target: Target, uses: Uses): StartChange {
  const { config: now } = subject;
  const { config: then } = target;
  if (subject.image === target.image) {
    return { verdicts: [passed('start-command', 'What starts is the same.')], lines: [] };
  }
  if (uses.entrypoint) return { verdicts: [passed('start-command', 'The file says what starts.')], lines: [] };
  const [own, other] = [now?.entrypoint, then?.entrypoint];
  if (own === undefined || other === undefined) {
    return {
      verdicts: [
        unproven(
          'start-command',
          `What ${own === undefined ? subject.base.text : target.written} starts with is not known.`,
        ),
      ],
      lines: [],
    };
  }
  const lines: string[] = [];
  const notes: Note[] = [];
  if (!isSame(own, other)) {
    const first = uses.cmd ? (uses.cmd.json?.[0] ?? '') : (now?.cmd?.[0] ?? '');
    if (own.length > 0 && !(isPassThrough(own) && !first.startsWith('-'))) {
      const message = `${subject.base.text} starts ${own.join(' ')}, which ${target.written} does not have.`;
      return {
        verdicts: [failed('start-command', message, { unblock: 'Say with ENTRYPOINT what the image starts.' })],
        lines,
      };
    }
    if (other.length > 0) {
      lines.push('ENTRYPOINT []');
      notes.push({
        kind: 'changed',
        text: `${target.written} starts ${other.join(' ')}: ENTRYPOINT [] takes that away.`,
      });
    }
  }
  if (!uses.cmd) {
    if (now?.cmd === undefined || now.cmd.length === 0) {
      return {
        verdicts: [
          failed('start-command', 'The file does not say what the image starts.', {
            line: subject.stage.from.line,
            unblock: 'Add CMD.',
          }),
        ],
        lines,
      };
    }
    if (lines.length > 0 || !isSame(now.cmd, then?.cmd ?? [])) {
      lines.push(`CMD [${now.cmd.map((word) => JSON.stringify(word)).join(', ')}]`);
      notes.push({ kind: 'changed', text: `${subject.base.text} starts ${now.cmd.join(' ')}: CMD says it now.` });
    }
  }
  return { verdicts: [passed('start-command', 'What starts is the same.', { notes })], lines };
}

/** The start command on an image that is nothing but an interpreter, which is its entry point. */
function interpreted(subject: SwapSubject, target: Target, uses: Uses, interpreter: RegExp): StartChange {
  const entry = target.config?.entrypoint ?? [];
  const { entrypoint, cmd } = uses;
  const fail = (message: string, unblock: string): StartChange => {
    const line = (cmd ?? entrypoint ?? subject.stage.from).line;
    return { verdicts: [failed('start-command', message, { line, unblock })], lines: [] };
  };
  if (entry.length === 0)
    return fail(`What ${target.written} starts with is not known.`, 'Name its present release, as in `-debian13`.');
  const foreign = startedOtherwise(subject, uses);
  if (foreign) {
    const { name, file, line } = foreign;
    return fail(
      `${name} (${file}, line ${line}) starts a program in its own way, and on ${target.written} ${entry[0]!} comes first or has another path.`,
      'Let it start what the image starts.',
    );
  }
  const health = uses.healthcheck;
  if (health && health.words[0]?.text.toUpperCase() !== 'NONE') {
    const line = health.line;
    const [first, ...rest] =
      health.json ?? uses.shellUsers.find(({ plain }) => plain?.instruction === health)?.plain?.words ?? [];
    if (first === undefined || !interpreter.test(first)) {
      return {
        verdicts: [
          failed('health-check', `${first ?? 'A shell'} is not on ${target.written}.`, {
            line,
            unblock: 'Write the health check in the language of the program.',
          }),
        ],
        lines: [],
      };
    }
    const edits = [jsonForm(health, [entry[0]!, ...rest])];
    const main = command(subject, target, uses, interpreter, fail);
    return {
      ...main,
      verdicts: [...main.verdicts, passed('health-check', `The health check calls ${entry[0]!}.`, { line, edits })],
    };
  }
  return command(subject, target, uses, interpreter, fail);
}

/** Whoever starts the image, or looks after it, with programs by the names that they have on the present base. */
function startedOtherwise({ consumers }: SwapSubject, { entrypoint: own }: Uses): Consumer | undefined {
  return consumers.find(
    ({ command: given, entrypoint, healthcheck }) =>
      entrypoint !== undefined ||
      healthcheck !== undefined ||
      // Behind an ENTRYPOINT of the file there are only arguments.
      (given !== undefined && own === undefined),
  );
}

function command(
  subject: SwapSubject,
  target: Target,
  uses: Uses,
  interpreter: RegExp,
  fail: (message: string, unblock: string) => StartChange,
): StartChange {
  const entry = target.config?.entrypoint ?? [];
  const { entrypoint, cmd } = uses;
  const instruction = entrypoint ?? cmd;
  if (instruction === undefined) return fail('The file does not say what the image starts.', 'Add CMD.');
  const plain = uses.shellUsers.find((use) => use.plain?.instruction === instruction)?.plain?.words;
  const written = instruction.json ?? plain;
  if (written === undefined)
    return fail(
      `${instruction.keyword} needs a shell.`,
      `Write ${instruction.keyword} as a list, ["program", "argument"].`,
    );
  const own = subject.config?.entrypoint ?? [''];
  if (entrypoint === undefined && !(own.length === 0 || isPassThrough(own))) {
    return fail(`${subject.base.text} starts a program of its own.`, 'Say with ENTRYPOINT what the image starts.');
  }
  const script = npmScript(subject, written);
  const elsewhere = subject.consumers.find((consumer) => startsElsewhere(consumer, uses.workingDir));
  if (script !== undefined && elsewhere !== undefined) {
    const { name, file, line } = elsewhere;
    return fail(
      `${name} (${file}, line ${line}) starts \`${written.join(' ')}\` in ${elsewhere.workingDir!}, where it may be something else.`,
      'Let it start in the folder of the image, or give it a command of its own.',
    );
  }
  const argv = script ?? written;
  const [program, ...rest] = argv;
  if (program === undefined || !interpreter.test(program)) {
    return fail(
      `${program ?? 'Nothing'} is started, and ${target.written} has ${baseName(entry[0] ?? '')} alone.`,
      `Start ${baseName(entry[0] ?? '')} itself, with the file that it is to run.`,
    );
  }
  if (cmd && cmd !== instruction && cmd.json === undefined)
    return fail('CMD is in the shell form.', 'Write CMD as a list.');
  if (entrypoint) return ownEntrypoint(subject, uses, entrypoint, entry, rest);
  const notes: readonly Note[] =
    script === undefined
      ? []
      : [
          {
            kind: 'changed',
            text: `${written.join(' ')} runs ${script.join(' ')}, which is started itself now: what ${written[0]!} prints before, and the variables npm_… that it sets, are gone.`,
            line: instruction.line,
          },
        ];
  return (
    behindEntrypoint(target, instruction, entry, rest, notes) ??
    fail(`${program} is started without a file.`, 'Name the file that it is to run.')
  );
}

/** An `ENTRYPOINT` of the file keeps its own words; only the program has another path. */
function ownEntrypoint(
  subject: SwapSubject,
  uses: Uses,
  entrypoint: Instruction,
  entry: readonly string[],
  rest: readonly string[],
): StartChange {
  const { line } = entrypoint;
  const isJar = entry.length > 1 && rest[0] === '-jar';
  const words = isJar ? [...entry, ...rest.slice(1)] : [entry[0]!, ...rest];
  const text = `${baseName(entry[0]!)} is ${entry[0]!} there.`;
  const edits = [jsonForm(entrypoint, words), ...overridden(subject, uses)];
  return {
    verdicts: [passed('start-command', text, { line, edits, notes: [{ kind: 'changed', text, line }] })],
    lines: [],
  };
}

/** `CMD` says what comes behind the entry point of the base, or behind its first word; undefined where that is nothing. */
function behindEntrypoint(
  target: Target,
  instruction: Instruction,
  entry: readonly string[],
  rest: readonly string[],
  more: readonly Note[],
): StartChange | undefined {
  const { keyword, line } = instruction;
  const isWhole = entry.length === 1 || rest[0] === entry[1];
  const words = isWhole ? rest.slice(entry.length - 1) : rest;
  if (words.length === 0) return undefined;
  const text = isWhole
    ? `The ENTRYPOINT of ${target.written} is ${entry.join(' ')}, so ${keyword} says only what comes behind it.`
    : `ENTRYPOINT is ${entry[0]!} now, without what ${target.written} puts behind it, and ${keyword} says the rest.`;
  const edits = [jsonForm(instruction, words)];
  const notes: readonly Note[] = [{ kind: 'changed', text, line }, ...more];
  return {
    verdicts: [passed('start-command', text, { line, edits, notes })],
    lines: isWhole ? [] : [`ENTRYPOINT ["${entry[0]!}"]`],
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, at) => word === b[at]);
}
