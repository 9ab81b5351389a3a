import { sumSizes, type SizeSum } from '../size.ts';
import type { Rule } from './rule.ts';
import { copiesOf } from './scene/files.ts';
import type { Scene } from './scene/scene.ts';

/** What is in many a working copy and in no image: version control, what the build makes anew, editors, secrets. */
const usual = [
  ...[
    '.git',
    '.hg',
    '.svn',
    'node_modules',
    'bower_components',
    '.venv',
    'venv',
    '__pycache__',
    '.tox',
    '.pytest_cache',
    '.mypy_cache',
  ],
  ...[
    'target',
    '.gradle',
    '.idea',
    '.vscode',
    '.vs',
    '.next/cache',
    '.nuxt',
    '.turbo',
    '.parcel-cache',
    'coverage',
    '.nyc_output',
    '.terraform',
    '.DS_Store',
  ],
];

export const heavyContextCopied: Rule = {
  id: 'heavy-context-copied',
  title: 'A whole context copied with what nobody needs',
  why: '`COPY . .` copies whatever the working copy holds: version control, dependencies that the build installs anew, build output, editor folders. A `.dockerignore` keeps them out of the image and out of what is sent to the builder. Reported where the context was looked at and has such folders.',

  detect: (scene) =>
    copiesOf(scene).flatMap(({ instruction, from, sources }) => {
      const { context } = scene.evidence;
      if (from !== undefined || !context || !sources.some((source) => /^\.?\/?$|^\*$/.test(source))) return [];
      const excluded = instruction.flags.filter(({ name }) => name === 'exclude').map(({ value }) => value ?? '');
      const found = usual.filter(
        (path) =>
          context.has(path) === true && !excluded.some((pattern) => pattern.replace(/^\*\*\/|\/$/g, '') === path),
      );
      if (found.length === 0) return [];
      const saves = sum(scene, found);
      const named =
        found.length > 4 ? `${found.slice(0, 4).join(', ')} and ${found.length - 4} more` : found.join(', ');
      const message = `This copies ${named}. Name them in ${context.hasIgnoreFile ? 'the' : 'a'} .dockerignore.`;
      return [{ instruction, span: instruction.span, message, saves }];
    }),
};

function sum(scene: Scene, paths: readonly string[]): SizeSum | undefined {
  return sumSizes(paths.map((path) => scene.evidence.context?.bytesAt(path)));
}
