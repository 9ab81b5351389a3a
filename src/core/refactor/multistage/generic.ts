import { familyOf } from '../../base/family.ts';
import { buildPackages } from '../../rules/build-tools-left.ts';
import { isAtOrBelow } from './contextMap.ts';
import { block } from './blocked.ts';
import { readC } from './c.ts';
import type { Ecosystem, ImageBase, Plan, PlannedCopy } from './ecosystem.ts';
import { baseName } from './gates.ts';
import { applicationCopies } from './interpreted.ts';
import { readNodeCommand } from './node.ts';
import { readPerl } from './perl.ts';
import { readPython } from './python.ts';
import { readRuby } from './ruby.ts';
import { pinned, plainImage } from './runBase.ts';
import { readStart } from './start.ts';
import type { Subject } from './subject.ts';

const interpreters =
  /^(?:perl|python[\d.]*|node|nodejs|npm|ruby|bundle|php[\d.]*|lua[\d.]*|Rscript|java|tclsh[\d.]*|guile|gunicorn|uvicorn|flask|celery|gawk|awk|jq|bash|sh)$/;

/**
 * A toolchain in a distribution's own image, for an interpreter that is one of its packages: the run stage installs what runs,
 * and takes over what was built, and all of `/usr/local`, which is empty in these images until a file installs something.
 */
export const generic: Ecosystem = {
  id: 'generic',
  name: 'toolchain',

  detect(subject) {
    if (familyOf(subject.image)?.kind !== 'distribution') return false;
    const installs = subject.scene.runs.some((run) =>
      run.programs.some(
        ({ name, args }) =>
          /^(?:apt|apt-get|apk|dnf|yum|microdnf)$/.test(name) &&
          args.some(({ value }) => value !== undefined && buildPackages.test(value)),
      ),
    );
    if (!installs) return false;
    const [first = ''] = readStart(subject).argv;
    return interpreters.test(baseName(first)) || /\.(?:pl|py|js|rb|sh)$/.test(first);
  },

  read(program, where) {
    const readers = [readC, readPerl, readPython, readRuby];
    for (const read of readers) {
      const reading = read(program, where);
      if (reading !== undefined) return reading;
    }
    return readNodeCommand(program);
  },

  plan(build) {
    const { subject, steps } = build;
    const application = applicationCopies(build, new Set(['compile']));
    const isInside = (path: string): boolean => application.some((copy) => isAtOrBelow(path, copy.path));
    const made = steps
      .filter(({ kind }) => kind === 'compile')
      .flatMap(({ writes }) => writes.filter((path) => !isInside(path) && !path.startsWith('/usr/local/')));
    const installs =
      steps.some(({ kind }) => kind === 'fetch' || kind === 'toolchain') ||
      steps.some(({ writes }) => writes.some((path) => path.startsWith('/usr/local/')));
    const local: PlannedCopy[] = installs
      ? ['bin', 'lib', 'share'].map((name) => ({
          path: `/usr/local/${name}/`,
          isFolder: true,
          reason: 'what the file installs beside the packages',
        }))
      : [];
    const copies = [
      ...application,
      ...made.map((path): PlannedCopy => ({ path, isFolder: false, reason: 'what was compiled' })),
      ...local,
    ];
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [distributionImage(subject)],
        computed: [
          ...copies.filter(({ isFolder }) => isFolder).map(({ path }) => `${path.replace(/\/$/, '')}/`),
          ...made,
        ],
      },
      copies,
      buildFolders: [...application.map(({ path }) => path), '/usr/local'],
      buildPackages: /^(?:python3-(?:pip|dev|venv|setuptools|wheel)|cpanminus|ruby-dev|npm|node-gyp|libtool-bin)$/,
    };
    return plan;
  },
};

function distributionImage(subject: Subject): ImageBase {
  const found = subject.distribution;
  const reference = found?.release === undefined ? undefined : plainImage(found);
  if (found === undefined || reference === undefined) {
    block(
      'unknown-release',
      `Which release ${subject.base.text} is made from is not known, so no run base fits for sure.`,
      { line: subject.stage.from.line, unblock: 'Name the release in the tag.' },
    );
  }
  const pin = pinned(subject);
  return {
    reference,
    shell: true,
    packageManager: { alpine: 'apk', debian: 'apt', ubuntu: 'apt' }[found.name] ?? 'dnf',
    ...(pin === undefined ? {} : { pin }),
  };
}
