import type { BaseConfig } from '../../base/imageConfig.ts';
import type { Instruction } from '../../dockerfile/model.ts';
import type { Note } from '../refactoring.ts';
import { passed, unproven, type Verdict } from './baseSwap.ts';
import { lastOf, type SwapSubject, type Target } from './subject.ts';
import { runsAsOther } from './users.ts';

/** What the present base gives to the image's config and the other one does not, with the lines that say it instead. */
export interface ConfigChange {
  readonly verdicts: readonly Verdict[];
  /** Whole instructions, to stand behind `FROM`. */
  readonly lines: readonly string[];
}

/** Variables that say how the image was made, and mean nothing to what is built on it. */
const ofTheImage =
  /^(?:PATH|HOME|.*_VERSION|.*_SHA256|.*_URL|GPG_KEYS?|DOTNET_.*|NUGET_.*|SSL_CERT_FILE|JAVA_HOME|RUSTUP_HOME|CARGO_HOME)$/;

/**
 * Compares what is inherited. The start command is not looked at here.
 * https://docs.docker.com/reference/dockerfile/ (each instruction says what it inherits)
 */
export function configChange(subject: SwapSubject, target: Target): ConfigChange {
  const { config: now } = subject;
  const { config: then } = target;
  if (now === undefined || then === undefined) {
    const whose = now === undefined ? subject.base.text : target.written;
    const isSame = subject.image === target.image;
    const text = isSame
      ? 'Both are variants of one image, which give the same to what is built on them.'
      : `What ${whose} gives to what is built on it is not known.`;
    return { verdicts: [isSame ? passed('inherited-config', text) : unproven('inherited-config', text)], lines: [] };
  }
  const variables = variablesSaid(subject, target, now, then);
  const said = [...folderSaid(subject, target, now, then), ...variables, ...startSaid(subject, target, now, then)];
  const saidAnew = new Set(variables.map(({ name }) => name));
  const all = Object.keys({ ...now.env, ...then.env }).concat(now.versionedEnv);
  const open = new Set(all.filter((name) => !saidAnew.has(name) && !isSet(subject, name)));
  const has = new Set([...Object.keys(then.env), ...then.versionedEnv]);
  const gone = [...open].filter((name) => !has.has(name));
  const others = [...goneNotes(subject, target, gone), ...otherNotes(target, now, then, open)];
  const text =
    said.length > 0
      ? 'What the image inherited is said in the file now.'
      : others.length > 0
        ? 'Nothing changes that the file uses of what the image inherits.'
        : 'Nothing that the image inherits changes.';
  const notes = [...said.map(({ text: why }): Note => ({ kind: 'changed', text: why })), ...others];
  const lost = [lostPath(subject, now, then), lostVariable(subject, target, gone)];
  return {
    verdicts: [passed('inherited-config', text, { notes }), ...lost.filter((verdict) => verdict !== undefined)],
    lines: said.map(({ line }) => line),
  };
}

/** What was inherited and is said by the file from now on. */
interface Said {
  /** A whole instruction. */
  readonly line: string;
  /** Why: a sentence. */
  readonly text: string;
}

function folderSaid(subject: SwapSubject, target: Target, now: BaseConfig, then: BaseConfig): readonly Said[] {
  const folder = now.workingDir;
  if (folder === undefined || folder === then.workingDir || !reliesOnFolder(subject)) return [];
  const text = `${subject.base.text} begins in ${folder}, and ${target.written} does not: WORKDIR says so now.`;
  return [{ line: `WORKDIR ${folder}`, text }];
}

function variablesSaid(
  subject: SwapSubject,
  target: Target,
  now: BaseConfig,
  then: BaseConfig,
): readonly (Said & { readonly name: string })[] {
  return Object.entries(now.env).flatMap(([name, value]) => {
    if (then.env[name] === value || ofTheImage.test(name) || !isSeen(subject, name)) return [];
    // A locale that the other base has not.
    const said = /^(?:LANG|LC_ALL|LANGUAGE)$/.test(name) && !target.hasShell ? 'C.UTF-8' : value;
    if (then.env[name] === said) return [];
    const text =
      said === value
        ? `${name} comes from ${subject.base.text}: ENV says it now.`
        : `${name} is ${said} instead of ${value}: ${target.written} has no other locale.`;
    return [{ name, line: `ENV ${name}=${JSON.stringify(said).slice(1, -1)}`, text }];
  });
}

/** What counts only where a container is started of the stage: ports, the signal that stops it, the user. */
function startSaid(subject: SwapSubject, target: Target, now: BaseConfig, then: BaseConfig): readonly Said[] {
  if (!subject.starts) return [];
  const { text: base } = subject.base;
  const said: Said[] = (now.exposedPorts ?? [])
    .filter((port) => then.exposedPorts?.includes(port) !== true)
    .map((port) => ({
      line: `EXPOSE ${port.replace(/\/tcp$/, '')}`,
      text: `${base} exposes ${port}: EXPOSE says it now.`,
    }));
  if (now.stopSignal !== then.stopSignal && now.stopSignal !== undefined && !lastOf(subject, 'STOPSIGNAL')) {
    said.push({
      line: `STOPSIGNAL ${now.stopSignal}`,
      text: `${base} stops by ${now.stopSignal}: STOPSIGNAL says it now.`,
    });
  }
  if (now.user !== then.user && now.user !== undefined && !runsAsOther(subject) && !lastOf(subject, 'USER')) {
    said.push({
      line: `USER ${now.user === 'root' ? '0' : now.user}`,
      text: `It runs as ${now.user} as before, and ${target.written} would not: leave USER out to run as ${then.user ?? 'its own user'}.`,
    });
  }
  return said;
}

/** Variables of the present base that nothing sets any more: a program may read them, though the file does not. */
function goneNotes({ base }: SwapSubject, { written }: Target, gone: readonly string[]): readonly Note[] {
  return gone.length === 0
    ? []
    : [{ kind: 'changed', text: `${gone.join(', ')}: set by ${base.text}, and not by ${written}.` }];
}

/** Variables to which the other base gives another value. */
function otherNotes(
  { written }: Target,
  now: BaseConfig,
  then: BaseConfig,
  open: ReadonlySet<string>,
): readonly Note[] {
  return Object.entries(then.env).flatMap(([name, value]): Note[] => {
    const old = now.env[name];
    if (!open.has(name) || old === value || (name === 'PATH' && old !== undefined && isSamePath(old, value))) return [];
    const text =
      old === undefined ? `${name} is set to ${value} by ${written}.` : `${name} is ${value} instead of ${old}.`;
    return [{ kind: 'changed', text }];
  });
}

/** The same folders, whatever their order, and however often. */
function isSamePath(a: string, b: string): boolean {
  const sorted = (path: string): string => [...new Set(path.split(':'))].sort().join(':');
  return sorted(a) === sorted(b);
}

/** A variable that the file reads and that is not said anew, because it tells how the present base is made. */
function lostVariable(
  { instructions, dockerfile, base }: SwapSubject,
  { written }: Target,
  gone: readonly string[],
): Verdict | undefined {
  for (const name of gone) {
    const reads = new RegExp(String.raw`\$\{?${name}\b`);
    const reader = instructions.find(({ span }) => reads.test(dockerfile.text.slice(span.start, span.end)));
    if (reader === undefined) continue;
    return unproven('inherited-config', `${name} comes from ${base.text}, and ${written} does not set it.`, {
      line: reader.line,
      unblock: `Set ${name} with ENV in the stage.`,
    });
  }
  return undefined;
}

/** True where the file sets a variable itself. */
function isSet({ instructions }: SwapSubject, name: string): boolean {
  return instructions.some(
    ({ keyword, words }) =>
      keyword === 'ENV' && (words[0]?.text === name || words.some(({ text }) => text.startsWith(`${name}=`))),
  );
}

/** True where something before the first absolute `WORKDIR` is relative to the folder that the base begins in. */
function reliesOnFolder({ instructions, top }: SwapSubject): boolean {
  for (const instruction of instructions) {
    if (instruction.keyword === 'WORKDIR') return !top.argumentsOf(instruction).startsWith('/');
    if (instruction.keyword === 'RUN' || isRelativeCopy(instruction)) return true;
  }
  return true;
}

function isRelativeCopy({ keyword, json, words }: Instruction): boolean {
  const target = json?.at(-1) ?? words.at(-1)?.text ?? '';
  return (keyword === 'COPY' || keyword === 'ADD') && !target.startsWith('/');
}

/** A variable that somebody may read: the file names it, or it is the one that says how texts are encoded. */
function isSeen({ instructions, dockerfile }: SwapSubject, name: string): boolean {
  return name === 'LANG' || instructions.some(({ span }) => dockerfile.text.slice(span.start, span.end).includes(name));
}

/** Folders of `PATH` that the present base adds and the other one does not have. */
function lostPath(subject: SwapSubject, now: BaseConfig, then: BaseConfig): Verdict | undefined {
  const have = new Set((then.env.PATH ?? '').split(':'));
  const lost = (now.env.PATH ?? '').split(':').filter((folder) => folder !== '' && !have.has(folder));
  const used = lost.find((folder) =>
    subject.instructions.some(({ span }) => subject.dockerfile.text.slice(span.start, span.end).includes(folder)),
  );
  return used === undefined
    ? undefined
    : unproven(
        'inherited-config',
        `${used} is in the PATH of ${subject.base.text}, and the file puts something there.`,
        {
          unblock: 'Set PATH in the stage.',
        },
      );
}
