import type { Instruction } from '../dockerfile/model.ts';
import type { ShellWord } from '../dockerfile/shellScript.ts';
import { insertBehind } from './edit/append.ts';
import { mountInstead } from './edit/mount.ts';
import type { Hit, Mending, Rule } from './rule.ts';
import { needsBuildKit } from './scene/buildKit.ts';
import { folderOf } from './scene/folder.ts';
import { downloadsOf } from './scene/downloads.ts';
import { archiveName, copiesBefore, type CopyTarget } from './scene/files.ts';
import { place } from './scene/places.ts';
import { type Program, splitArguments } from './scene/program.ts';
import { removedBy, removesUnknown } from './scene/removal.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface ArchiveHit extends Hit {
  readonly run: Run;
  readonly unpacking: Program;
  readonly archive: ShellWord;
  readonly downloaded: boolean;
  /** What brought it, where that was a `COPY` or `ADD`. */
  readonly copy?: CopyTarget;
}

export const archiveKept: Rule<ArchiveHit> = {
  id: 'archive-kept',
  title: 'Archives kept beside what was unpacked from them',
  why: 'An archive that is downloaded or copied, unpacked and left behind ships twice: packed and unpacked. Remove it in the `RUN` that downloads it, or pipe the download into `tar`. `ADD` unpacks a local tar by itself, and `RUN --mount=type=bind` reads an archive of the context that no layer has.',
  hadolint: ['DL3010'],

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.flatMap((program): ArchiveHit[] => {
        const archive = unpacked(program);
        if (!archive) return [];
        const name = baseName(archive);
        const later = run.after(program);
        if (name === '' || later.some((each) => removesUnknown(each) || removesArchive(each, name))) return [];
        const path =
          archive.value === undefined ? undefined : scene.absolute(archive.value, folderOf(scene, run, program));
        if (path !== undefined && run.isMounted(place(path))) return [];
        const before = run.programs.slice(0, run.programs.indexOf(program));
        const downloaded = before.some((each) => downloadsOf(each).some((word) => baseName(word) === name));
        const copy = downloaded
          ? undefined
          : copiesBefore(scene, run.instruction, `named ${name}`, (each) =>
              each.places.some((target) => target.endsWith(`/${name}`)),
            )[0];
        const fetched = copy?.instruction ?? (downloaded ? undefined : downloadBefore(scene, run.instruction, name));
        if (!downloaded && fetched === undefined) return [];
        const saves = copy
          ? scene.evidence.weight(copy.instruction)
          : path === undefined
            ? undefined
            : scene.evidence.bytesAt(fetched ?? run.instruction, [path]);
        const message = downloaded
          ? `${name} stays in this layer beside what is unpacked from it. Remove it in the same RUN.`
          : `${name} stays in the layer of line ${fetched!.line} beside what is unpacked from it.`;
        return [
          {
            instruction: run.instruction,
            run,
            unpacking: program,
            archive,
            downloaded,
            ...(copy === undefined ? {} : { copy }),
            span: program.command.span,
            message,
            saves,
          },
        ];
      }),
    ),

  fix({ run, unpacking, archive, downloaded, copy }, scene) {
    if (copy) return mountArchive(run, unpacking, copy, scene);
    const { command, prefix } = unpacking;
    const name = baseName(archive);
    const later = run.after(unpacking);
    const usedLater = later.some(({ command: { words } }) => words.some(({ text }) => text.includes(name)));
    if (!downloaded || usedLater || command.loop || command.function !== undefined) return undefined;
    const edit = insertBehind(run, command, `${prefix}rm ${archive.text}`);
    return edit && { title: `Remove ${name} when it is unpacked`, confidence: 'safe', edits: [edit] };
  },
};

/** An archive of the context need be in no layer: the one command that unpacks it sees it mounted. */
function mountArchive(run: Run, unpacking: Program, copy: CopyTarget, scene: Scene): Mending | undefined {
  const target = copy.isFolder ? copy.places[0] : copy.destination;
  if (target === undefined || !archiveName.test(target)) return undefined;
  const edits = mountInstead(scene.dockerfile, run, copy, { target, isFor: (program) => program === unpacking });
  const confidence = needsBuildKit(scene) ? 'likely' : 'ask';
  return edits && { title: 'Mount the archive in the RUN that unpacks it', confidence, edits };
}

/** The nearest earlier `RUN` that downloads a file of this name. */
function downloadBefore(scene: Scene, instruction: Instruction, name: string): Instruction | undefined {
  for (const earlier of scene.runsBefore(instruction)) {
    if (earlier.once(downloadedNames).has(name)) return earlier.instruction;
  }
  return undefined;
}

function downloadedNames({ programs }: Run): ReadonlySet<string> {
  return new Set(programs.flatMap((program) => downloadsOf(program).map(baseName)));
}

/** The archive that a program unpacks or installs; undefined where it reads its standard input or none is named. */
function unpacked({ name, args }: Program): ShellWord | undefined {
  switch (name) {
    case 'tar':
    case 'bsdtar': {
      const mode = args[0]?.text ?? '';
      const extracts =
        /^-?[a-zA-Z]*x/.test(mode) || args.some(({ text }) => /^(?:-[a-zA-Z]*x[a-zA-Z]*|--extract|--get)$/.test(text));
      return extracts ? args.find(({ value, text }) => archiveName.test(value ?? unquoted(text))) : undefined;
    }
    case 'unzip':
      return splitArguments(args, /^-(?:d|x|P)$/).operands.find(({ value, text }) =>
        /\.(?:zip|vsix|jar|whl)$/.test(value ?? unquoted(text)),
      );
    case 'dpkg':
    case 'rpm':
      return args.some(({ value }) => /^(?:-i|--install|-[a-zA-Z]*[iU][a-zA-Z]*)$/.test(value ?? ''))
        ? args.find(({ value, text }) => /\.(?:deb|rpm)$/.test(value ?? unquoted(text)))
        : undefined;
    case 'apt':
    case 'apt-get':
    case 'dnf':
    case 'yum':
      return args.find(({ value, text }) => /^[./].*\.(?:deb|rpm)$/.test(value ?? unquoted(text)));
    default:
      return undefined;
  }
}

function unquoted(text: string): string {
  return text.replace(/["']/g, '');
}

function baseName({ value, text }: ShellWord): string {
  return (value ?? unquoted(text)).replace(/^.*\//, '');
}

function removesArchive(program: Program, name: string): boolean {
  return removedBy(program).some((pattern) => {
    const last = pattern.replace(/\/+$/, '').replace(/^.*\//, '');
    // A folder that is removed whole may be where the archive is.
    return last === name || /[*?[]/.test(last) || !last.includes('.');
  });
}
