/** Files that may start an image or name one of its stages, by what they are. */
export type ConsumerFileKind = 'compose' | 'devcontainer' | 'commands';

const pipelines = new Set([
  '.gitlab-ci.yml',
  '.travis.yml',
  '.drone.yml',
  'azure-pipelines.yml',
  'bitbucket-pipelines.yml',
  'cloudbuild.yaml',
  'cloudbuild.yml',
  'skaffold.yaml',
  'taskfile.yml',
  'taskfile.yaml',
  'jenkinsfile',
  'makefile',
  'gnumakefile',
  'justfile',
]);

/** What a file is, by its path with slashes; undefined for one that says nothing of images. */
export function consumerFileKind(path: string): ConsumerFileKind | undefined {
  const at = path.lastIndexOf('/');
  const name = path.slice(at + 1).toLowerCase();
  const folder = path.slice(0, Math.max(0, at));
  if (/^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/.test(name)) return 'compose';
  if (name === 'devcontainer.json' || name === '.devcontainer.json') return 'devcontainer';
  const isPipeline = pipelines.has(name) || /^(?:docker-?)?build[\w-]*\.sh$/.test(name);
  const isInFolder =
    (/(?:^|\/)\.(?:github|gitea|forgejo)\/workflows$/.test(folder) || /(?:^|\/)\.circleci$/.test(folder)) &&
    /\.ya?ml$/.test(name);
  return isPipeline || isInFolder ? 'commands' : undefined;
}

/** Folders in which such files lie, relative to a folder of a project; the folder itself first. */
export const consumerFolders: readonly string[] = [
  '',
  '.devcontainer',
  '.github/workflows',
  '.gitea/workflows',
  '.forgejo/workflows',
  '.circleci',
];
