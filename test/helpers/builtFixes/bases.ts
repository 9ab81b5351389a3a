import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { TestEngine } from '../engine.ts';
import { buildIn } from './builtFix.ts';

/** Debian with its own packages. */
function withPackages(...names: readonly string[]): string {
  return `FROM debian:12-tls\nRUN apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')} && rm -rf /var/lib/apt/lists/*\n`;
}

const npmFolder = '/usr/lib/node_modules/npm';

/** Images with tools, made of packages of Debian and of the registries; each is built once, when a test needs it. */
const bases: Readonly<Record<string, string>> = {
  'debian:12':
    'FROM debian:bookworm\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
  // One layer, as an image that is published slim has it.
  'debian:12-slim':
    'FROM debian:12 AS whole\nRUN rm -rf /usr/share/doc /usr/share/man /usr/share/locale\nFROM scratch\nCOPY --from=whole / /\nCMD ["bash"]\n',
  // What this machine trusts besides, so that the registries can be reached from where it stands.
  'debian:12-tls':
    'FROM debian:12\nCOPY certificates/ /usr/local/share/ca-certificates/\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && update-ca-certificates && rm -rf /var/lib/apt/lists/*\n' +
    'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt PIP_CERT=/etc/ssl/certs/ca-certificates.crt\n',
  // Debian's own npm is four hundred packages.
  'tools:node':
    withPackages('nodejs') +
    `COPY npm.tgz /tmp/\nRUN mkdir -p ${npmFolder} && tar xzf /tmp/npm.tgz -C ${npmFolder} --strip-components=1 && ln -s ${npmFolder}/bin/npm-cli.js /usr/bin/npm && npm install -g yarn@1 && npm cache clean --force\n`,
  'tools:pip': withPackages('python3-pip'),
  'tools:pnpm': 'FROM tools:node\nRUN npm install -g pnpm@9 && npm cache clean --force\n',
  'tools:uv': 'FROM tools:pip\nRUN pip install --break-system-packages --no-cache-dir uv==0.8.0\n',
  'tools:ruby': withPackages('ruby') + 'COPY gem/ /gem/\nRUN cd /gem && gem build heavy.gemspec -o /heavy.gem\n',
  'tools:dnf':
    withPackages('dnf', 'createrepo-c', 'rpm') +
    'COPY rpm/heavy.spec /tmp/\nRUN rpmbuild -bb --define "_rpmdir /repo" /tmp/heavy.spec && createrepo_c /repo && mkdir -p /etc/yum.repos.d && ' +
    "printf '[local]\\nname=local\\nbaseurl=file:///repo\\ngpgcheck=0\\n' > /etc/yum.repos.d/local.repo\n",
  'tools:go': withPackages('golang-go'),
  'tools:cargo': withPackages('cargo-web', 'gcc', 'libc6-dev'),
  'tools:maven': withPackages('maven', 'default-jdk-headless'),
};

/** The base of a Dockerfile and what that is built on. */
export class Bases {
  readonly #server: TestEngine;
  readonly #folder: string;
  readonly #made = new Set<string>();

  /** @param folder has a folder `context` */
  constructor(server: TestEngine, folder: string) {
    this.#server = server;
    this.#folder = folder;
    const certificates = path.join(folder, 'context', 'certificates');
    mkdirSync(certificates, { recursive: true });
    const own = '/usr/local/share/ca-certificates';
    if (existsSync(own)) cpSync(own, certificates, { recursive: true });
    // A folder without a file would not be sent.
    writeFileSync(path.join(certificates, 'readme.txt'), '');
  }

  async provide(dockerfile: string): Promise<void> {
    for (const [, name] of dockerfile.matchAll(/^FROM (\S+)/gm)) {
      const base = bases[name!];
      // Not whether the engine has it: what has its name may be a stand-in of another test.
      if (base === undefined || this.#made.has(name!)) continue;
      await this.provide(base);
      if (base.includes('npm.tgz')) this.#fetchNpm();
      await buildIn(this.#server, this.#folder, name!, base, true);
      this.#made.add(name!);
    }
  }

  /** The newest npm that Debian’s Node.js runs, by the npm of this machine. */
  #fetchNpm(): void {
    const context = path.join(this.#folder, 'context');
    execFileSync('npm', ['pack', 'npm@10', '--silent', '--pack-destination', context], { stdio: 'ignore' });
    const packed = readdirSync(context).find((name) => /^npm-10.*\.tgz$/.test(name))!;
    cpSync(path.join(context, packed), path.join(context, 'npm.tgz'));
  }
}
