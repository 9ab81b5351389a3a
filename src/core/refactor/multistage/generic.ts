import { familyOf } from '../../base/family.ts';
import { buildPackages } from '../../rules/build-tools-left.ts';
import { isAtOrBelow } from './contextMap.ts';
import { readC } from './c.ts';
import type { Ecosystem, Plan, PlannedCopy } from './ecosystem.ts';
import { baseName } from './gates.ts';
import { applicationCopies } from './interpreted.ts';
import { readNodeCommand } from './node.ts';
import { readPerl } from './perl.ts';
import { readPython } from './python.ts';
import { readRuby } from './ruby.ts';
import { releaseImage } from './release.ts';
import { readStart } from './start.ts';

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
        bases: [releaseImage(subject)],
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
