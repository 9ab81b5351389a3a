/** Files that may start an image or name one of its stages, by what they are. */
export type ConsumerFileKind = 'compose' | 'devcontainer' | 'commands' | 'bake' | 'kustomization' | 'manifest';

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

/** Names that manifests of Kubernetes workloads have, and folders that hold nothing else than manifests. */
const workloads =
  /^(?:.*[._-])?(?:k8s|kubernetes|deployments?|deploy|statefulsets?|daemonsets?|cronjobs?|jobs?|pods?|manifests?|workloads?)(?:[._-].*)?\.ya?ml$/;
const manifestFolder =
  /(?:^|\/)(?:k8s|kubernetes|kube|deploy|deployments?|manifests?|kustomize|overlays|charts?|helm|argocd|gitops)(?:\/|$)/i;

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
  if (isPipeline || isInFolder) return 'commands';
  if (/^docker-bake(?:[.-][\w.-]+)?\.(?:hcl|json)$/.test(name)) return 'bake';
  if (/^kustomization(?:\.ya?ml)?$/.test(name)) return 'kustomization';
  return /\.ya?ml$/.test(name) && (workloads.test(name) || manifestFolder.test(folder)) ? 'manifest' : undefined;
}

const manifestFolders = ['k8s', 'kubernetes', 'deploy', 'manifests'];

/** Folders in which such files lie, relative to a folder of a project; the folder itself first. */
export const consumerFolders: readonly string[] = [
  '',
  '.devcontainer',
  '.github/workflows',
  '.gitea/workflows',
  '.forgejo/workflows',
  '.circleci',
  ...manifestFolders.flatMap((folder) => [folder, `${folder}/base`]),
];

/** Folders of folders with such files, one for each place that the project is put to use at. */
export const overlayFolders: readonly string[] = manifestFolders.map((folder) => `${folder}/overlays`);
