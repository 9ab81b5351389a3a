import { isWithin } from '../../rules/scene/places.ts';
import { firstOperand, type Program } from '../../rules/scene/program.ts';
import { fileWith } from '../project.ts';
import { artefacts } from './artefacts.ts';
import { conventionalFiles } from './conventions.ts';
import { dataFiles } from './dataFiles.ts';
import type { Ecosystem, Plan, PlannedCopy } from './ecosystem.ts';
import { releaseImage } from './release.ts';
import type { Reading } from './step.ts';
import { workFolders } from './workFolders.ts';

const resources = '/run-resources';

const conventions = [{ uses: /\bvapor\b/i, paths: ['Public', 'Resources', '.env', '.env.production'] }];

/** Programs in Swift: onto the slim variant, which has the libraries; or onto the plain release, where they are linked in. */
export const swift: Ecosystem = {
  id: 'swift',
  name: 'Swift',

  detect(subject) {
    return subject.scene.runs.some((run) =>
      run.programs.some((program) => program.name === 'swift' && firstOperand(program) === 'build'),
    );
  },

  read: readSwift,

  plan(build) {
    const { subject, start, steps } = build;
    const compiling = steps.filter(({ kind }) => kind === 'compile');
    const folders = workFolders(subject, compiling).filter((at) => at !== '/');
    const programs = artefacts(
      build,
      [],
      (path) => folders.some((folder) => isWithin(path, folder)) && path.includes('/.build/'),
    );
    const isStatic = compiling.some(({ program }) =>
      program.args.some(({ text }) => /^-{1,2}static-(?:swift-)?stdlib$/.test(text)),
    );
    const hasResources = fileWith(subject.project, /(?:^|\/)Package\.swift$/, /\bresources\s*:/) !== undefined;
    const at = programs.map(({ path }) => path).find((path) => path.includes('/.build/'));
    const bundles: PlannedCopy[] =
      hasResources && at !== undefined
        ? [
            {
              from: `${resources}/`,
              path: `${at.slice(0, at.lastIndexOf('/'))}/`,
              isFolder: true,
              reason: 'the resources of the package',
            },
          ]
        : [];
    const data = dataFiles(subject, {
      start,
      isSource: /\.swift$|(?:^|\/)Package\.resolved$|(?:^|\/)\.build\//,
      isProgram: /\.swift$/,
    });
    const slim = {
      reference: `${subject.base.text.includes(':') ? subject.base.text : `${subject.base.text}:latest`}-slim`.replace(
        ':latest-slim',
        ':slim',
      ),
      shell: true,
      packageManager: 'apt',
    };
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [isStatic ? releaseImage(subject) : slim],
        ...(isStatic ? { computed: programs.map(({ path }) => path) } : {}),
      },
      copies: [...programs, ...bundles, ...data, ...conventionalFiles(subject, /(?:^|\/)Package\.swift$/, conventions)],
      ...(bundles.length > 0
        ? {
            tail: [
              `RUN mkdir -p ${resources} && find ${at!.slice(0, at!.lastIndexOf('/'))}/ -maxdepth 1 -name '*.resources' -exec cp -a {} ${resources}/ ';'`,
            ],
          }
        : {}),
      buildFolders: folders,
      buildOnly: /^SWIFT_\w*$/,
      buildPackages: /^(?:libsqlite3-dev|zlib1g-dev)$/,
    };
    return plan;
  },
};

function readSwift(program: Program): Reading | undefined {
  if (program.name !== 'swift') return undefined;
  switch (firstOperand(program)) {
    case 'build':
      return { kind: 'compile' };
    case 'package':
      return { kind: 'fetch' };
    case 'test':
      return { kind: 'test' };
    case '':
      return { kind: 'neutral' };
    default:
      return undefined;
  }
}
