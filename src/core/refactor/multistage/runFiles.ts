import type { Instruction } from '../../dockerfile/model.ts';
import { isRoot } from '../../rules/scene/user.ts';
import { apkListing, aptListing, packageList } from './libraries.ts';
import { linkCommands } from './links.ts';
import type { StageParts } from './stageParts.ts';

/** Where the build stage keeps folders of which only the owner matters. */
const folderRoot = '/run-folders';

/** What is installed and copied: what concerns the system, which root does first, and what is built. */
export function files(
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
    ...subject.project.consumers.map((consumer) => consumer.user),
  ];
  const names = words
    .flatMap((word) => (word === undefined ? [] : [word.split(':')[0]!]))
    .filter((name) => !/^\d*$|\$/.test(name));
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
export function packageTail({ computed, base }: StageParts): readonly string[] {
  if (computed.length === 0) return [];
  return [base.packageManager === 'apk' ? apkListing(computed) : aptListing(computed)];
}

/** Lines of ours that go on are ended by the file's own escape character. */
export function continued(text: string, escape: string): string {
  return text.replaceAll('\\\n', `${escape}\n`);
}

/** Instructions that write where only root may, with the user of those that stay in the build stage put back. */
export function asRoot(
  { subject }: StageParts,
  kept: readonly Instruction[],
  lines: readonly string[],
): readonly string[] {
  const user = kept.findLast(({ keyword }) => keyword === 'USER');
  const name = user === undefined ? (subject.config?.user ?? 'root') : subject.argumentsOf(user).trim();
  return isRoot(name) || lines.length === 0 ? lines : ['USER root', ...lines, `USER ${name}`];
}

/** What is left in the build stage of a folder of which the run stage needs only that it is there, with its owner. */
export function folderTail(folders: ReadonlyMap<string, string>): readonly string[] {
  if (folders.size === 0) return [];
  const commands = [...folders].map(
    ([path, owner]) => `mkdir -p ${folderRoot}${path} && chown ${owner} ${folderRoot}${path}`,
  );
  return [`RUN ${commands.join(' && \\\n    ')}`];
}

function pathWords(source: string, target: string): string {
  return /\s/.test(source + target) ? JSON.stringify([source, target]) : `${source} ${target}`;
}
