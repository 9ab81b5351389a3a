import { lineBreakAt } from '../../rules/edit/lines.ts';
import type { Instruction } from '../../dockerfile/model.ts';
import type { TextEdit } from '../../text.ts';
import { swapBase } from '../swapBase.ts';
import type { Plan, PlannedCopy } from './ecosystem.ts';
import { baseName } from './gates.ts';
import { apkListing, aptListing, packageList } from './libraries.ts';
import { linkCommands } from './links.ts';
import type { RunBase } from './runBase.ts';
import { isPassThrough, type Start } from './start.ts';
import type { Step } from './step.ts';
import type { Subject } from './subject.ts';

export interface StageParts {
  readonly subject: Subject;
  readonly start: Start;
  readonly steps: readonly Step[];
  readonly plan: Plan;
  readonly base: RunBase;
  readonly copies: readonly PlannedCopy[];
  /** Folders whose owner is to be kept though they are not copied. */
  readonly ownedFolders: ReadonlyMap<string, string>;
  /** What is looked at for the packages that it needs; empty where none are looked for. */
  readonly computed: readonly string[];
}

/** What belongs to the run stage only, and moves there. */
const moving = new Set(['ENTRYPOINT', 'CMD', 'EXPOSE', 'HEALTHCHECK', 'STOPSIGNAL', 'LABEL', 'MAINTAINER', 'VOLUME']);
/** What of it stands before the copies. */
const early = new Set(['ENV', 'LABEL', 'MAINTAINER', 'SHELL', 'WORKDIR']);
/** Of these only the last one counts. */
const single = new Set(['ENTRYPOINT', 'CMD', 'HEALTHCHECK', 'STOPSIGNAL', 'USER']);

/** Where the build stage keeps folders of which only the owner matters. */
const folderRoot = '/run-folders';

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
  for (const instruction of moved) if (instruction.index < last.index) edits.push(removal(parts, instruction));

  const tail = [
    ...(plan.tail ?? []),
    ...asRoot(parts, kept, [...packageTail(parts), ...folderTail(parts.ownedFolders)]),
  ];
  const written = runStage(parts, name, moved);
  const orphans = dockerfile.comments.filter(
    ({ start, end: stop }) =>
      start >= end &&
      !moved.some((instruction) => commentsOf(parts, instruction).start <= start && stop <= instruction.span.end),
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
      ? spaceAbove(parts, instruction) + commentText(parts, instruction)
      : '';
    // What somebody wrote about an instruction stays, also where something else takes its place.
    const lines = written === undefined ? comments.trimEnd() : comments + written;
    if (lines !== '') (early.has(keyword) ? before : after).push(lines);
  }
  if (workdir === undefined && subject.workingDir !== (base.config?.workingDir ?? '/'))
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
  const words = start.shellUsers.find(({ rewritable }) => rewritable?.instruction === instruction)?.rewritable?.words;
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
  return base.shell && start.shellUsers.some(({ shell }) => shell !== undefined);
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

/** What is installed and copied: what concerns the system, which root does first, and what is built. */
function files(
  parts: StageParts,
  from: string,
): { readonly system: readonly string[]; readonly copies: readonly string[] } {
  const { base, copies, plan, ownedFolders, steps } = parts;
  const copy = (source: string, target: string, owner?: string): string =>
    `COPY --from=${from}${owner === undefined ? '' : ` --chown=${owner}`} ${pathWords(source, target)}`;
  const { escape } = parts.subject.dockerfile;
  const system: string[] = installation(parts, from).map((line) => continued(line, escape));
  const users = plan.keepsUser === true ? [] : userCommands(parts);
  if (users.length > 0) {
    if (base.shell && base.distribution === parts.subject.facts?.distribution?.name)
      system.push(`RUN ${users.join(` && ${escape}\n    `)}`);
    else system.push(copy('/etc/passwd', '/etc/passwd'), copy('/etc/group', '/etc/group'));
  } else if (namesUnknownUser(parts)) system.push(copy('/etc/passwd', '/etc/passwd'), copy('/etc/group', '/etc/group'));
  if (ownedFolders.size > 0) system.push(copy(`${folderRoot}/`, '/'));
  const links = base.shell ? linkCommands(parts.subject, steps, copies) : new Map<string, string>();
  const lines = copies
    .filter(({ path }) => !links.has(path))
    .map(({ path, from: source, owner }) => copy(source ?? path, path, owner));
  const again = [...links.values(), ...(base.shell ? systemCommands(parts) : [])];
  const bundle = '/etc/ssl/certs/ca-certificates.crt';
  if (!base.shell && steps.some(({ program }) => program.name === 'update-ca-certificates'))
    lines.push(copy(bundle, bundle));
  return { system, copies: [...lines, ...[...again, ...(plan.runs ?? [])].map((command) => `RUN ${command}`)] };
}

/** Whether somebody is named whom the build stage's base knows and the new one does not. */
function namesUnknownUser({ subject, base, copies, plan }: StageParts): boolean {
  if (plan.keepsUser === true) return false;
  const user = subject.stage.instructions.findLast(({ keyword }) => keyword === 'USER');
  const words = [
    user === undefined ? undefined : subject.scene.expanded(user, subject.argumentsOf(user)),
    ...copies.map(({ owner }) => owner),
  ];
  const names = words
    .flatMap((word) => (word === undefined ? [] : [word.split(':')[0]!]))
    .filter((name) => !/^\d*$/.test(name));
  return names.some((name) => !Object.hasOwn(base.config?.users ?? {}, name));
}

/** The installation of packages: those that are known, and those that the build stage found out. */
function installation({ base, computed, subject }: StageParts, from: string): readonly string[] {
  const computesPackages = computed.length > 0;
  if (base.packages.length === 0 && !computesPackages) return [];
  const names = base.packages.join(' ');
  const mount = computesPackages
    ? `--mount=type=bind,from=${from},source=${packageList},target=/tmp/run-packages `
    : '';
  // Without BuildKit there are no mounts: the list is copied, and stays behind as a line or two.
  const copied = computesPackages && !subject.hasMounts ? [`COPY --from=${from} ${packageList} /tmp/run-packages`] : [];
  const flags = subject.hasMounts ? mount : '';
  const listed = computesPackages ? '$(cat /tmp/run-packages)' : '';
  // What the base has already would else be replaced where there is a newer version, and lie there twice.
  const keeping = computesPackages ? '--no-upgrade ' : '';
  const all = [names, listed].filter((part) => part !== '').join(' ');
  switch (base.packageManager) {
    case 'apt':
      return [
        ...copied,
        `RUN ${flags}apt-get update && \\\n    apt-get install -y --no-install-recommends ${keeping}${all} && \\\n    rm -rf /var/lib/apt/lists/*`,
      ];
    case 'apk':
      return [...copied, `RUN ${flags}apk add --no-cache ${all}`];
    default:
      return [...copied, `RUN ${flags}${base.packageManager} install -y ${all} && ${base.packageManager} clean all`];
  }
}

/** The commands that set up the system for what it runs, once more, on what was copied for them. */
function systemCommands({ steps, subject }: StageParts): readonly string[] {
  return steps
    .filter(
      ({ kind, program }) =>
        kind === 'system' &&
        /^(?:ldconfig|update-ca-certificates|locale-gen|localedef|update-locale|fc-cache)$/.test(program.name),
    )
    .map(({ program: { command } }) => subject.dockerfile.text.slice(command.span.start, command.span.end));
}

/** The commands that make users and groups, as they are written. */
function userCommands({ steps, subject }: StageParts): readonly string[] {
  return steps
    .filter(({ kind }) => kind === 'users')
    .map(({ program: { command } }) => subject.dockerfile.text.slice(command.span.start, command.span.end));
}

/** The search for the packages that are needed, at the end of the build stage. */
function packageTail({ computed, base }: StageParts): readonly string[] {
  if (computed.length === 0) return [];
  return [base.packageManager === 'apk' ? apkListing(computed) : aptListing(computed)];
}

/** Lines of ours that go on are ended by the file's own escape character. */
function continued(text: string, escape: string): string {
  return text.replaceAll('\\\n', `${escape}\n`);
}

/** Instructions that write where only root may, with the user of those that stay in the build stage put back. */
function asRoot({ subject }: StageParts, kept: readonly Instruction[], lines: readonly string[]): readonly string[] {
  const user = kept.findLast(({ keyword }) => keyword === 'USER');
  const name = user === undefined ? (subject.config?.user ?? 'root') : subject.argumentsOf(user).trim();
  const isRoot = /^(?:root|0)(?::|$)/.test(name);
  return isRoot || lines.length === 0 ? lines : ['USER root', ...lines, `USER ${name}`];
}

/** What is left in the build stage of a folder of which the run stage needs only that it is there, with its owner. */
function folderTail(folders: ReadonlyMap<string, string>): readonly string[] {
  if (folders.size === 0) return [];
  const commands = [...folders].map(
    ([path, owner]) => `mkdir -p ${folderRoot}${path} && chown ${owner} ${folderRoot}${path}`,
  );
  return [`RUN ${commands.join(' && \\\n    ')}`];
}

function pathWords(source: string, target: string): string {
  return /\s/.test(source + target) ? JSON.stringify([source, target]) : `${source} ${target}`;
}

function quoted(value: string): string {
  return /^[\w./:@%+=,-]*$/.test(value)
    ? value
    : JSON.stringify(value)
        .replaceAll('\\"', '"')
        .replace(/^"(.*)"$/s, (_, inner: string) => `"${inner.replace(/(["\\])/g, '\\$1')}"`);
}

function stageName({ dockerfile }: Subject): string {
  // An image that is copied from would become the stage of its name.
  const named = dockerfile.instructions.flatMap(({ flags }) => flags.map(({ value }) => value?.toLowerCase()));
  const bases = dockerfile.stages.map(({ base }) => (base.kind === 'image' ? base.reference : undefined));
  const taken = new Set([...dockerfile.stages.map(({ name }) => name), ...named, ...bases]);
  return ['build', 'builder', 'compile'].find((name) => !taken.has(name)) ?? `build-${dockerfile.stages.length}`;
}

/** From the first comment right above an instruction to its end. */
function commentsOf(
  { subject: { dockerfile, stage } }: StageParts,
  instruction: Instruction,
): { readonly start: number } {
  const { text, comments } = dockerfile;
  let start = lineStart(text, instruction.span.start);
  for (;;) {
    const end = text.slice(0, start).replace(/(?:\r\n|\r|\n)$/, '').length;
    const above = lineStart(text, end);
    const isComment =
      /^[ \t]*#/.test(text.slice(above, end)) && comments.some((span) => span.start >= above && span.start < end);
    if (!isComment || above < stage.from.span.end) return { start };
    start = above;
  }
}

/** The empty line above an instruction and its comments, if there is one. */
function spaceAbove(parts: StageParts, instruction: Instruction): string {
  return isBlankAbove(parts.subject.dockerfile.text, commentsOf(parts, instruction).start) ? '\n' : '';
}

/** Whether the line before the one that begins at an offset is empty. */
function isBlankAbove(text: string, start: number): boolean {
  const end = text.slice(0, start).replace(/(?:\r\n|\r|\n)$/, '').length;
  return end < start && text.slice(lineStart(text, end), end).trim() === '';
}

function commentText(parts: StageParts, instruction: Instruction): string {
  const { text } = parts.subject.dockerfile;
  return text
    .slice(commentsOf(parts, instruction).start, lineStart(text, instruction.span.start))
    .replace(/\r\n|\r/g, '\n');
}

/** Takes an instruction with its comments out, and the empty line that would stand twice. */
function removal(parts: StageParts, instruction: Instruction): TextEdit {
  const { text } = parts.subject.dockerfile;
  const { start } = commentsOf(parts, instruction);
  const end = lineEnd(text, instruction.span.end);
  const next = /^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0;
  const isBetweenBlanks = isBlankAbove(text, start) && /^[ \t]*(?:\r\n|\r|\n)/.test(text.slice(end + next));
  const blank = isBetweenBlanks ? /^[ \t]*(?:\r\n|\r|\n)/.exec(text.slice(end + next))![0].length : 0;
  return { start, end: end + next + blank, newText: '' };
}

function lineStart(text: string, offset: number): number {
  return Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
}

/** The end of the line that holds an offset, its line break excluded. */
function lineEnd(text: string, offset: number): number {
  const rest = /[^\r\n]*/y;
  rest.lastIndex = offset;
  return offset + (rest.exec(text)?.[0].length ?? 0);
}

/** The program's name in a sentence. */
export function shownProgram({ argv }: Start): string {
  return baseName(argv[0] ?? 'the program');
}
