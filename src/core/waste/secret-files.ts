import type { Detector, Scene } from './detector.ts';

/** Files that hold secrets by their name alone, wherever they are. */
const names = [
  ...[
    'id_rsa',
    'id_dsa',
    'id_ecdsa',
    'id_ed25519',
    '.env',
    '.npmrc',
    '.netrc',
    '_netrc',
    '.pypirc',
    '.git-credentials',
  ],
  ...['.htpasswd', '.pgpass', '.my.cnf', '.vault-token', 'kubeconfig', 'terraform.tfstate', 'credentials.tfrc.json'],
  ...['application_default_credentials.json', 'msal_token_cache.json', '.dockercfg', '.s3cfg', '.boto'],
];
/** Files that hold secrets at one place below a folder. */
const below: readonly (readonly [folder: string, path: string])[] = [
  ['.aws', 'credentials'],
  ['.docker', 'config.json'],
  ['.kube', 'config'],
  ['.azure', 'accessTokens.json'],
  ['.gem', 'credentials'],
  ['.cargo', 'credentials'],
  ['.cargo', 'credentials.toml'],
  ['.m2', 'settings.xml'],
  ['.m2', 'settings-security.xml'],
  ['.gradle', 'gradle.properties'],
  ['.composer', 'auth.json'],
  ['.config', 'gh/hosts.yml'],
  ['.config', 'hub'],
  ['.config', 'gcloud/credentials.db'],
  ['.config', 'containers/auth.json'],
];
const keyEndings = ['.pem', '.key', '.p12', '.pfx', '.jks', '.keystore', '.ppk', '.kdbx'];
/** Libraries bring keys and settings for their own tests; certificates of authorities are public. */
const foreign =
  /\/(?:node_modules|site-packages|dist-packages|vendor|gems|tests?|testdata|fixtures|examples?|ca-certificates|ssl\/certs|doc|pkg\/mod|registry|java-cacerts)\//;
/** Folders that packages fill: what looks like a key there is a template, a test or public. */
const packaged = /^\/usr\/(?:share|lib|lib64|libexec|src|local\/go|local\/lib)\//;
const smallKey = 32_768;

export const secretFiles: Detector = {
  id: 'secret-files',
  title: 'Files that look like secrets',
  why: 'By its name it holds a key, a token or a password; its content was not read. Whoever has the image has it.',
  evenEmpty: true,
  looksFor: {
    names: [...names, ...below.map(([folder]) => folder)],
    endings: keyEndings,
    beginnings: ['.env.', 'ssh_host_'],
  },
  detect(scene) {
    const { tree } = scene;
    const found = [
      ...names.flatMap((name) => scene.named(name)),
      ...below.flatMap(([folder, path]) => scene.named(folder).map((node) => tree.below(node, path))),
      ...scene
        .beginning('.env.')
        .filter((node) => !/\.(?:example|sample|template|dist|defaults?|schema)$/.test(tree.nameText(node))),
      ...scene.beginning('ssh_host_').filter((node) => tree.nameText(node).endsWith('_key')),
      ...keyEndings.flatMap((ending) => scene.ending(ending)).filter((node) => isPrivateKey(scene, node)),
    ];
    for (const node of new Set(found)) {
      if (node < 0 || !tree.isFile(node) || foreign.test(tree.path(node))) continue;
      scene.claim(node, {
        safety: 'check',
        advice:
          'Keep it out with .dockerignore and hand it to a RUN with `--mount=type=secret`; deleting it in a later layer leaves it in the image. If the image left your machine, replace the secret.',
      });
    }
  },
};

/** `.pem` and `.key` are used for much else: certificates, slides, translations. */
function isPrivateKey({ tree }: Scene, node: number): boolean {
  if (packaged.test(tree.path(node))) return false;
  const name = tree.nameText(node).toLowerCase();
  if (tree.size(node) > smallKey && /\.(?:pem|key)$/.test(name)) return false;
  if (name.endsWith('.pem')) return /key\.pem$|priv/.test(name) && !name.includes('pub');
  if (name.endsWith('.key')) return !name.includes('pub');
  return !/cacerts|truststore/.test(name);
}
