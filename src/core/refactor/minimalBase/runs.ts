import { readDistroless } from '../../base/distroless.ts';
import { aptCall, aptCalls } from '../../rules/scene/apt.ts';
import { baseName } from '../../program/fileSystem.ts';
import { hasArgument, type Program, splitArguments } from '../../rules/scene/program.ts';
import type { Run } from '../../rules/scene/run.ts';
import type { TextEdit } from '../../text.ts';
import { type Account, busyboxCommand, readAccount } from './accounts.ts';
import { apkPackages } from './aptToApk.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { gnuOption, isBroughtBy } from '../systemPrograms.ts';
import { isInAlpine, isInSlim } from './basePrograms.ts';
import { isRunOnly } from './runOnly.ts';
import { removed, rewriteRun } from './rewriteRun.ts';
import type { SwapSubject, Target } from './subject.ts';

const managers = /^(?:apt|apt-get|aptitude|apk|dnf|yum|microdnf|tdnf|zypper|pacman|rpm|dpkg)$/;

/** Packages of Debian that the `RUN`s install, versions left out. */
export function installedPackages({ runs }: SwapSubject): readonly string[] {
  return runs.flatMap((run) => [
    ...aptCalls(run)
      .filter(({ verb }) => verb === 'install')
      .flatMap(({ operands }) => operands.map(({ value }) => (value ?? '').replace(/[=/:].*$/, ''))),
    ...run.programs
      .filter(({ name }) => name === 'apk')
      .flatMap(({ args }) => apkNames(args.map(({ value }) => value ?? ''))),
  ]);
}

function apkNames(args: readonly string[]): readonly string[] {
  return args[0] === 'add' || args.includes('add')
    ? args.filter((word) => !word.startsWith('-') && word !== 'add')
    : [];
}

/** What the `RUN`s of the stage do on another base. */
export function runVerdicts(subject: SwapSubject, target: Target): readonly Verdict[] {
  const { runs, facts } = subject;
  if (runs.length === 0) return [passed('packages', 'The stage runs nothing.')];
  const foreign = runs.find(({ script }) => script.kind === 'foreign' || script.problems.length > 0);
  if (foreign) {
    return [failed('commands', 'What this RUN does cannot be read.', { line: foreign.instruction.line })];
  }
  if (!target.hasShell) return runs.flatMap((run) => dissolved(subject, target, run));
  const isSameManager = facts.packageManager !== undefined && facts.packageManager === target.facts.packageManager;
  if (isSameManager) return sameManager(subject, target);
  if (facts.packageManager === 'apt' && target.facts.packageManager === 'apk') {
    return runs.flatMap((run) => translated(subject, target, run));
  }
  return withoutManager(subject, target);
}

/** Packages that fail where their manual has no folder to be linked into. */
const linksManuals =
  /^(?:openjdk-\d+-j\w+(?:-headless)?|default-j(?:re|dk)(?:-headless)?|postgresql(?:-client)?(?:-\d+)?)$/;

function isSlim(written: string): boolean {
  return /[:-]slim(?:-|$)/.test(written.replace(/@.*$/, ''));
}

/** The same package manager: what is installed stays; what only the fuller image has may be missing. */
function sameManager(subject: SwapSubject, target: Target): readonly Verdict[] {
  const { runs, facts } = subject;
  const packages = installedPackages(subject);
  const verdicts: Verdict[] = [];
  const theirs = target.facts.distribution;
  const isSameRelease = facts.distribution?.release === theirs?.release;
  const isRunOnlyAlready = isRunOnly({ image: subject.image, reference: subject.base.reference });
  for (const run of runs) {
    const { line } = run.instruction;
    const calls = run.programs.filter(({ name }) => managers.test(name));
    if (calls.length > 0 && !isSameRelease) {
      verdicts.push(
        unproven(
          'packages',
          'Packages are called otherwise, or have other versions, in another release of the distribution.',
          {
            line,
          },
        ),
      );
    }
    // `python3 -m json.tool` is known by its module, and needs its interpreter.
    const called = run.programs.flatMap(({ name, command }) => [name, baseName(command.name ?? name)]);
    for (const name of new Set(called)) {
      // Of an image that only runs things nobody expects what builds them, and a script may call that too.
      const isThere = isRunOnly(target) && !isRunOnlyAlready ? isPlainTool(name) : isInSlim(name, target.config);
      if (isThere || isBroughtBy(name, packages)) continue;
      verdicts.push(
        failed('commands', `${name} is used, which ${target.written} does not have.`, {
          line,
          unblock: `Install ${name} in the stage.`,
        }),
      );
    }
  }
  const linking = packages.find((name) => linksManuals.test(name));
  const losesManuals = isSlim(target.written) && !isSlim(subject.base.text);
  if (linking !== undefined && losesManuals && !subject.dockerfile.text.includes('/usr/share/man')) {
    verdicts.push(
      unproven('packages', `${linking} links its manual into a folder that ${target.written} may not have.`, {
        unblock: 'Make /usr/share/man/man1 before it is installed.',
      }),
    );
  }
  return verdicts.length > 0
    ? verdicts
    : [passed('packages', 'Packages are installed as before, and every command is there.')];
}

/** A program of every system: of the package manager, for users, files and texts. */
function isPlainTool(name: string): boolean {
  return (
    managers.test(name) ||
    /^(?:user|group)(?:add|mod|del)$|^(?:add|del)(?:user|group)$/.test(name) ||
    isInAlpine(name, undefined) === true
  );
}

/** Another package manager that nothing is translated to: fine where it is not called. */
function withoutManager({ runs }: SwapSubject, target: Target): readonly Verdict[] {
  const call = runs.find(({ programs }) => programs.some(({ name }) => managers.test(name)));
  if (call) {
    return [
      failed('packages', `Packages are installed, and their names for ${target.written} are not known.`, {
        line: call.instruction.line,
        unblock: 'Install them in a stage of its own and copy what is needed.',
      }),
    ];
  }
  return runs.flatMap((run) =>
    run.programs.flatMap(({ name }) =>
      target.config?.programs[name] === true || isInAlpine(name, undefined) === true
        ? []
        : [unproven('commands', `Whether ${target.written} has ${name} is not known.`, { line: run.instruction.line })],
    ),
  );
}

// ---- From apt to apk -------------------------------------------------------------------------------------------------

/** A `RUN` in the commands of Alpine. */
function translated(subject: SwapSubject, target: Target, run: Run): readonly Verdict[] {
  const { line, heredocs } = run.instruction;
  const verdicts: Verdict[] = [];
  const rewriting = new Map<Program['command'], string>();
  const packages = apkNamesOf(subject);
  if (run.script.kind === 'exec' && run.programs.length === 0) return [];
  if (!/^(?:sh|ash|dash|)$/.test(run.script.interpreter) && !isBroughtBy(run.script.interpreter, packages)) {
    verdicts.push(
      failed('shell', `This RUN is for ${run.script.interpreter}, which ${target.written} does not have.`, {
        line,
        unblock: heredocs.length > 0 ? 'Write it for sh.' : 'Write it for sh, and leave SHELL out.',
      }),
    );
  }
  for (const program of run.programs) {
    const answer = translate(program, subject, target, packages);
    if (typeof answer === 'string') rewriting.set(program.command, answer);
    else if (answer !== undefined) verdicts.push({ ...answer, line });
  }
  if (verdicts.some(({ outcome }) => outcome === 'failed')) return verdicts;
  const edits = rewriting.size === 0 ? [] : rewriteRun(subject.dockerfile, run, rewriting);
  if (edits === undefined) {
    return [
      failed('packages', 'Packages or users are made in a part of the script that is not always run.', {
        line,
        unblock: 'Put these commands at the top of the script, joined by &&.',
      }),
    ];
  }
  return [...verdicts, ...(edits.length === 0 ? [] : [rewritten(target, edits, line)])];
}

function rewritten(target: Target, edits: readonly TextEdit[], line: number): Verdict {
  return passed('packages', `The commands are those of ${target.written} now.`, {
    line,
    edits,
    notes: [{ kind: 'changed', text: 'Packages and users are made with the commands of Alpine.', line }],
  });
}

/** The names by which Alpine installs what the stage installs. */
function apkNamesOf(subject: SwapSubject): readonly string[] {
  return installedPackages(subject).flatMap((name) => {
    const answer = apkPackages(name);
    return answer === undefined || answer.kind === 'absent' ? [] : answer.packages;
  });
}

/** A command for Alpine: another text, a verdict that stands in the way, or nothing where it stays as it is. */
function translate(
  program: Program,
  subject: SwapSubject,
  target: Target,
  packages: readonly string[],
): string | Omit<Verdict, 'line'> | undefined {
  const { name, args, prefix } = program;
  const call = aptCall(program);
  if (call) {
    if (/^(?:update|clean|autoclean|autoremove)$/.test(call.verb)) return removed;
    if (call.verb !== 'install') return failed('packages', `apt ${call.verb} has no counterpart in Alpine.`);
    return translateInstall(
      call.operands.map(({ value }) => value),
      prefix,
    );
  }
  if (name === 'rm' && args.length > 0 && args.every(isOfApt)) return removed;
  if (managers.test(name)) return failed('packages', `${name} has no counterpart in Alpine.`);
  if (/^(?:useradd|adduser|groupadd|addgroup)$/.test(name)) {
    const account = accountOf(subject, program);
    if (account === undefined) {
      return failed('users', `This ${name} cannot be said by the commands of Alpine.`, {
        unblock: 'Use useradd or groupadd with -u, -g, -r, -m, -d and -s only.',
      });
    }
    return prefix + busyboxCommand(account, (path) => hasShellAt(path, packages));
  }
  const known = isInAlpine(name, target.config) ?? (isBroughtBy(name, packages) ? true : undefined);
  if (known === false) {
    return failed('commands', `${name} is used, which ${target.written} does not have.`, {
      unblock: `Install ${name} in the stage.`,
    });
  }
  const option = gnuOption(
    name,
    args.map(({ value }) => value),
  );
  if (option !== undefined && !isBroughtBy(name, packages)) {
    return unproven('commands', `BusyBox’s ${name} may not know ${option}.`);
  }
  if (known === true || subject.config?.programs[name] === true) return undefined;
  return name.includes('/') || program.nameWord.text.startsWith('.')
    ? unproven('commands', `What ${program.nameWord.text} does is not known.`)
    : unproven('commands', `Whether ${target.written} has ${name} is not known.`);
}

function isOfApt({ value, text }: Program['args'][number]): boolean {
  const path = value ?? text;
  return path.startsWith('-') || /^\/var\/(?:lib\/apt|cache\/apt|lib\/dpkg|cache\/debconf)(?:\/|$)/.test(path);
}

function hasShellAt(path: string, packages: readonly string[]): boolean {
  const name = path.replace(/^.*\//, '');
  return ['sh', 'ash', 'nologin', 'false'].includes(name) || packages.includes(name);
}

function translateInstall(operands: readonly (string | undefined)[], prefix: string): string | Omit<Verdict, 'line'> {
  const names: string[] = [];
  let doubtful: Omit<Verdict, 'line'> | undefined;
  for (const operand of operands) {
    if (operand === undefined || /[/*?]|\.deb$/.test(operand)) {
      return failed('packages', 'A package is named by a variable, a pattern or a file.', {
        unblock: 'Name the packages themselves.',
      });
    }
    if (operand.includes('=')) {
      return failed('packages', `${operand} asks for a version of Debian’s package.`, {
        unblock: 'Leave the version out.',
      });
    }
    const answer = apkPackages(operand.replace(/:.*$/, ''));
    if (answer === undefined) {
      return failed('packages', `What Alpine calls ${operand} is not known.`, {
        unblock: `Find the package on Alpine that brings what is used of ${operand}, and write the stage for Alpine by hand.`,
      });
    }
    if (answer.kind === 'absent') return failed('packages', `Alpine has nothing for ${operand}: ${answer.why}.`);
    if (answer.kind === 'differs')
      doubtful ??= unproven('packages', `${operand} is another thing in Alpine: ${answer.why}.`);
    names.push(...answer.packages);
  }
  if (doubtful) return doubtful;
  const unique = [...new Set(names)];
  return unique.length === 0 ? removed : `${prefix}apk add --no-cache ${unique.join(' ')}`;
}

// ---- To a base without a shell ---------------------------------------------------------------------------------------

/** Packages whose files the images of distroless have, by flavor. */
const inDistroless: readonly (readonly [flavors: RegExp, packages: RegExp])[] = [
  [/./, /^(?:ca-certificates|tzdata|netbase|media-types|base-files)$/],
  [/^(?:base|cc|nodejs|python3)$/, /^(?:openssl-provider-\w+|libssl3(?:t64)?)$/],
  [/^(?!static$)/, /^libc6$/],
  [/^(?:cc|nodejs)$/, /^(?:libgcc-s1|libstdc\+\+6|libgomp1)$/],
  [/^(?:java|java-base)$/, /^(?:fontconfig|libfreetype6|zlib1g)$/],
  [/^python3$/, /^(?:zlib1g|libexpat1|libffi8|libsqlite3-0)$/],
];

/** A `RUN` that is not needed on a base without a shell: each of its commands makes what is there, or nothing. */
function dissolved(subject: SwapSubject, target: Target, run: Run): readonly Verdict[] {
  const { line } = run.instruction;
  const flavor = readDistroless(target.image)?.flavor;
  // Certificates of one's own are put where only that command finds them.
  const bringsCertificates = subject.instructions.some(
    ({ keyword, span }) =>
      /^(?:COPY|ADD)$/.test(keyword) && subject.dockerfile.text.slice(span.start, span.end).includes('ca-certificates'),
  );
  const rewriting = new Map<Program['command'], string>();
  for (const program of run.programs) {
    if (!isNeedless(program, flavor, accountOf(subject, program), bringsCertificates)) {
      return [
        failed('shell', `${target.written} has no shell, and ${program.name} is run in this stage.`, {
          line,
          unblock: 'Run it in a stage of its own, and copy what it makes.',
        }),
      ];
    }
    rewriting.set(program.command, removed);
  }
  const edits =
    run.script.commands.length === rewriting.size ? rewriteRun(subject.dockerfile, run, rewriting) : undefined;
  if (edits === undefined) {
    return [
      failed('shell', `${target.written} has no shell, and this RUN needs one.`, {
        line,
        unblock: 'Run it in a stage of its own, and copy what it makes.',
      }),
    ];
  }
  const text = `${target.written} has what this RUN made, or needs no such thing.`;
  return [passed('packages', text, { line, edits, notes: [{ kind: 'moved', text, line }] })];
}

function isNeedless(
  program: Program,
  flavor: string | undefined,
  account: Account | undefined,
  bringsCertificates: boolean,
): boolean {
  const call = aptCall(program);
  if (call) {
    if (/^(?:update|clean|autoclean|autoremove)$/.test(call.verb)) return true;
    return call.verb === 'install' && call.operands.every(({ value }) => isBrought(value, flavor));
  }
  const { name, args } = program;
  if (name === 'apk' && apkNames(args.map(({ value }) => value ?? '')).every((each) => isBrought(each, flavor))) {
    return !hasArgument(program, /^(?:--repository|-X|--root|-p)$/);
  }
  if (name === 'rm') return args.every((word) => isOfApt(word) || word.value?.startsWith('/var/cache/apk/'));
  if (name === 'update-ca-certificates') return !bringsCertificates && splitArguments(args).operands.length === 0;
  // Users are known by their numbers there.
  return name === 'set' || name === ':' || name === 'true' || account !== undefined;
}

function isBrought(name: string | undefined, flavor: string | undefined): boolean {
  if (name === undefined || flavor === undefined) return false;
  return inDistroless.some(([flavors, packages]) => flavors.test(flavor) && packages.test(name));
}

/** The users and groups that the `RUN`s make, as far as they can be read. */
export function madeAccounts(subject: SwapSubject): readonly Account[] {
  const read = (program: Program) => accountOf(subject, program);
  return subject.runs.flatMap(({ programs }) => programs.map(read).filter((account) => account !== undefined));
}

function accountOf({ facts }: SwapSubject, program: Program): Account | undefined {
  return readAccount(program, facts.packageManager === 'apk');
}
