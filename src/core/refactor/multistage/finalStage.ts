import { lineBreakAt } from '../../rules/edit/lines.ts';
import { isPlainShell } from '../../dockerfile/interpreter.ts';
import type { Instruction } from '../../dockerfile/model.ts';
import type { TextEdit } from '../../text.ts';
import { swapBase } from '../swapBase.ts';
import { isPassThrough } from '../whatStarts.ts';
import type { Plan } from './ecosystem.ts';
import { commentsOf, commentText, lineEnd, removal, spaceAbove } from './instructionText.ts';
import { startFolders } from './startFolders.ts';
import { asRoot, continued, files, folderTail, packageTail } from './runFiles.ts';
import type { StageParts } from './stageParts.ts';
import type { Subject } from './subject.ts';

/** What belongs to the run stage only, and moves there. */
const moving = new Set(['ENTRYPOINT', 'CMD', 'EXPOSE', 'HEALTHCHECK', 'STOPSIGNAL', 'LABEL', 'MAINTAINER', 'VOLUME']);
/** What of it stands before the copies. */
const early = new Set(['ENV', 'LABEL', 'MAINTAINER', 'SHELL', 'WORKDIR']);
/** Of these only the last one counts. */
const single = new Set(['ENTRYPOINT', 'CMD', 'HEALTHCHECK', 'STOPSIGNAL', 'USER']);

/** The edits that make the stage a build stage and put the run stage behind it. */
export function writeStages(parts: StageParts): readonly TextEdit[] {
  const { subject, plan, base } = parts;
  const { dockerfile, stage } = subject;
  const { text } = dockerfile;
  const lineBreak = lineBreakAt(text, stage.from.span.end);
  const moved = stage.instructions.filter((instruction) => moves(parts, instruction));
  const kept = [stage.from, ...stage.instructions.filter((instruction) => !moved.includes(instruction))];
  const last = kept.at(-1)!;
  // A continuation at the end of the file would swallow what is put behind it.
  const isOpen = text.slice(last.span.end, lineEnd(text, last.span.end)).trim() === dockerfile.escape;
  const end = isOpen ? last.span.end : lineEnd(text, last.span.end);

  const edits: TextEdit[] = [...(plan.edits ?? [])];
  const name = stage.name ?? stageName(subject);
  if (stage.name === undefined) {
    const as = text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end) === 'from' ? 'as' : 'AS';
    edits.push({ start: stage.from.span.end, end: stage.from.span.end, newText: ` ${as} ${name}` });
  }
  const pin = base.pin === undefined ? undefined : swapBase(text, stage, base.pin);
  if (pin) edits.push(pin);
  for (const instruction of moved) if (instruction.index < last.index) edits.push(removal(subject, instruction));

  const tail = [
    ...(plan.tail ?? []),
    ...asRoot(parts, kept, [...packageTail(parts), ...folderTail(parts.ownedFolders)]),
  ];
  const written = runStage(parts, name, moved);
  const orphans = dockerfile.comments.filter(
    ({ start, end: stop }) =>
      start >= end &&
      !moved.some((instruction) => commentsOf(subject, instruction).start <= start && stop <= instruction.span.end),
  );
  const block = [
    ...tail.map((line) => continued(line, dockerfile.escape)),
    '',
    ...written,
    ...orphans.map((span) => text.slice(span.start, span.end)),
  ];
  const isEnded = /[\r\n]$/.test(text);
  edits.push({
    start: end,
    end: text.length,
    newText: `${lineBreak}${block.join('\n').replace(/\r\n|\r|\n/g, lineBreak)}${isEnded ? lineBreak : ''}`,
  });
  return edits;
}

/** A `USER` behind all that is built moves; one before it stays, and is repeated. */
function moves({ subject: { stage, project } }: StageParts, { keyword, index }: Instruction): boolean {
  // Those who build the old stage by its name start it as it is.
  if (stage.name !== undefined && project.consumers.some(({ target }) => target?.toLowerCase() === stage.name))
    return false;
  if (moving.has(keyword)) return true;
  return keyword === 'USER' && !stage.instructions.some((other) => other.index > index && builds(other));
}

function builds({ keyword }: Instruction): boolean {
  return keyword === 'RUN' || keyword === 'COPY' || keyword === 'ADD' || keyword === 'WORKDIR';
}

function runStage(parts: StageParts, from: string, moved: readonly Instruction[]): readonly string[] {
  const { subject, base, plan } = parts;
  const { stage, dockerfile } = subject;
  const keywordFrom = dockerfile.text.slice(stage.from.keywordSpan.start, stage.from.keywordSpan.end);
  const before: string[] = [];
  const after: string[] = [];
  const lasting = lastOfEach(stage.instructions);
  const workdir = stage.instructions.findLast(({ keyword }) => keyword === 'WORKDIR');
  for (const instruction of stage.instructions) {
    const { keyword } = instruction;
    if (single.has(keyword) && lasting.get(keyword) !== instruction) continue;
    if (keyword === 'WORKDIR' && instruction !== workdir) continue;
    if (keyword === 'SHELL' && !needsShellInstruction(parts)) continue;
    if (!early.has(keyword) && !moving.has(keyword) && keyword !== 'USER') continue;
    const written = rewritten(parts, instruction);
    const comments = moved.includes(instruction)
      ? spaceAbove(subject, instruction) + commentText(subject, instruction)
      : '';
    // What somebody wrote about an instruction stays, also where something else takes its place.
    const lines = written === undefined ? comments.trimEnd() : comments + written;
    if (lines !== '') (early.has(keyword) ? before : after).push(lines);
  }
  const others = startFolders(parts);
  for (const [folder, who] of others) {
    before.unshift(`WORKDIR ${folder}`);
    subject.note('moved', `WORKDIR makes \`${folder}\`, where ${who} starts the image.`);
  }
  if (workdir === undefined && (others.size > 0 || subject.workingDir !== (base.config?.workingDir ?? '/')))
    before.push(`WORKDIR ${subject.workingDir}`);
  for (const [name, value] of Object.entries({ ...inheritedEnvironment(parts), ...plan.environment }))
    before.push(`ENV ${name}=${quoted(value)}`);
  if (!lasting.has('USER') && plan.keepsUser !== true) after.unshift(...inheritedUser(parts));
  after.push(...replacedStart(parts));
  const { system, copies } = files(parts, from);
  const all = [...system, ...before, ...copies, ...after];
  return [`${keywordFrom} ${base.reference}`, ...redeclared(subject, all), ...all];
}

function lastOfEach(instructions: readonly Instruction[]): ReadonlyMap<string, Instruction> {
  return new Map(instructions.map((instruction) => [instruction.keyword, instruction]));
}

/** How an instruction reads in the run stage; undefined where it does not go there. */
function rewritten(parts: StageParts, instruction: Instruction): string | undefined {
  const { subject, start, base, plan } = parts;
  const { keyword, span } = instruction;
  const text = subject.dockerfile.text.slice(span.start, span.end);
  if (keyword === 'ENV')
    return isBuildOnly(instruction, plan) ? undefined : keptEnvironment(subject, instruction, text);
  if (keyword === 'WORKDIR')
    return isAbsolute(subject, instruction) ? text : `${text.slice(0, keyword.length)} ${subject.workingDir}`;
  if (plan.startsItself === true && (keyword === 'CMD' || keyword === 'ENTRYPOINT')) return undefined;
  if (plan.keepsUser === true && keyword === 'USER') return undefined;
  if (keyword === 'CMD' && (plan.command !== undefined || isOverridden(parts))) return undefined;
  if (keyword === 'ENTRYPOINT' && plan.entrypoint !== undefined) return undefined;
  if (base.shell) return text;
  const words = start.shellUsers.find(({ plain }) => plain?.instruction === instruction)?.plain?.words;
  if (words === undefined) return text;
  const argsStart = keyword === 'HEALTHCHECK' ? instruction.words[0]!.span.end : instruction.argsSpan.start;
  const head = subject.dockerfile.text.slice(span.start, argsStart).trimEnd();
  subject.note('changed', `${keyword} is in the JSON form now, because the run stage has no shell.`, instruction.line);
  return `${head} [${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}

/** The shell form of ENTRYPOINT ignores CMD; in the JSON form it would be given it. */
function isOverridden({ start, base }: StageParts): boolean {
  return !base.shell && start.entrypoint !== undefined && start.entrypoint.json === undefined;
}

function isAbsolute(subject: Subject, instruction: Instruction): boolean {
  return subject.scene.expanded(instruction, subject.argumentsOf(instruction))?.startsWith('/') === true;
}

const buildEnvironment =
  /^(?:DEBIAN_FRONTEND|MAKEFLAGS|CFLAGS|CXXFLAGS|CPPFLAGS|LDFLAGS|CC|CXX|CMAKE_.*|GOOS|GOARCH|GOPATH|GOBIN|GOCACHE|GOMODCACHE|GOPROXY|GOSUMDB|GOPRIVATE|GOFLAGS|GO111MODULE|CGO_ENABLED|CARGO_.*|RUSTFLAGS|PIP_.*|npm_config_.*|NPM_CONFIG_.*|MAVEN_.*|GRADLE_.*)$/;

function isBuildOnly(instruction: Instruction, { buildOnly }: Plan): boolean {
  const names = namesOf(instruction);
  return names.length > 0 && names.every((name) => buildEnvironment.test(name) || buildOnly?.test(name) === true);
}

/** A secret that the program reads must stay, and whoever reads the rationale should know that it does. */
function keptEnvironment(subject: Subject, instruction: Instruction, text: string): string {
  const secret = namesOf(instruction).find((name) =>
    /TOKEN|SECRET|PASSW(?:OR)?D|API_?KEY|PRIVATE_KEY|CREDENTIALS?/i.test(name),
  );
  if (secret !== undefined) {
    subject.note(
      'assumed',
      `${secret} looks like a secret, and is kept for the program to read: if only the build needs it, take it out of the last stage and it is no longer in the image.`,
      instruction.line,
    );
  }
  return text;
}

/** The variables that an `ENV` sets. */
function namesOf({ words }: Instruction): readonly string[] {
  const [first] = words;
  if (first === undefined) return [];
  return first.text.includes('=') ? words.map(({ text }) => text.slice(0, text.indexOf('='))) : [first.text];
}

/** Variables that the old base sets, the new one does not, and a program may read. */
function inheritedEnvironment({ subject, base, plan }: StageParts): Readonly<Record<string, string>> {
  const set = new Set(
    subject.stage.instructions.flatMap((instruction) => (instruction.keyword === 'ENV' ? namesOf(instruction) : [])),
  );
  const kept = Object.entries(subject.config?.env ?? {}).filter(
    ([name]) =>
      name !== 'PATH' &&
      !set.has(name) &&
      !buildEnvironment.test(name) &&
      plan.buildOnly?.test(name) !== true &&
      !/^(?:GOLANG_VERSION|GOTOOLCHAIN|RUSTUP_HOME|RUST_VERSION|GPG_KEYS?|.*_(?:VERSION|SHA\d*|URL|KEYS))$/.test(name),
  );
  return Object.fromEntries(kept.filter(([name, value]) => base.config?.env[name] !== value));
}

/** `USER` where the old base has another user than the new one. */
function inheritedUser({ subject, base }: StageParts): readonly string[] {
  const [old, now] = [subject.config?.user ?? 'root', base.config?.user ?? 'root'];
  return old === now ? [] : [`USER ${old}`];
}

function needsShellInstruction({ base, start }: StageParts): boolean {
  return base.shell && start.shellUsers.some(({ shell }) => !isPlainShell(shell));
}

/** What starts, where that is not what the file says, or where the new base would start something else. */
function replacedStart({ subject, start, plan, base }: StageParts): readonly string[] {
  const json = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  if (plan.startsItself === true) return [];
  const lines: string[] = [];
  const own = (entrypoint: readonly string[]): readonly string[] => (isPassThrough(entrypoint) ? [] : entrypoint);
  const inherited = own(base.config?.entrypoint ?? []);
  const old = own(subject.config?.entrypoint ?? []);
  if (plan.entrypoint !== undefined) {
    if (plan.entrypoint.join('\0') !== inherited.join('\0')) lines.push(`ENTRYPOINT ${json(plan.entrypoint)}`);
  } else if (start.entrypoint === undefined && inherited.join('\0') !== old.join('\0'))
    lines.push(`ENTRYPOINT ${json(old)}`);
  if (plan.command !== undefined) lines.push(`CMD ${json(plan.command)}`);
  return lines;
}

/** `ARG`s that the run stage uses; their scope ends with a stage. */
function redeclared(subject: Subject, lines: readonly string[]): readonly string[] {
  const used = lines.join('\n');
  const found = new Map<string, string>();
  for (const { keyword, words, span } of subject.stage.instructions) {
    if (keyword !== 'ARG') continue;
    for (const { text } of words) {
      const name = text.split('=')[0]!;
      if (new RegExp(`\\$(?:${name}\\b|\\{${name}\\b)`).test(used))
        found.set(name, subject.dockerfile.text.slice(span.start, span.end));
    }
  }
  return [...new Set(found.values())];
}

function stageName({ dockerfile }: Subject): string {
  // An image that is copied from would become the stage of its name.
  const named = dockerfile.instructions.flatMap(({ flags }) => flags.map(({ value }) => value?.toLowerCase()));
  const bases = dockerfile.stages.map(({ base }) => (base.kind === 'image' ? base.reference : undefined));
  const taken = new Set([...dockerfile.stages.map(({ name }) => name), ...named, ...bases]);
  return ['build', 'builder', 'compile'].find((name) => !taken.has(name)) ?? `build-${dockerfile.stages.length}`;
}

function quoted(value: string): string {
  return /^[\w./:@%+=,-]*$/.test(value) ? value : `"${value.replace(/(["\\])/g, '\\$1')}"`;
}
