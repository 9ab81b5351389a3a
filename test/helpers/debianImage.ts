import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasImage, importImage, type TestEngine } from './engine.ts';
import { memoryFolder } from './temporaryFolder.ts';

const run = promisify(execFile);

/** Where `update-ca-certificates` looks for certificates that a machine has added. */
export const ownCertificates = '/usr/local/share/ca-certificates';

/** A Debian while it is made, in bytes: its tree and the tar of it. */
const treeBytes = 2e9;

const pin = 'etc/apt/preferences.d/usrmerge';
const noUsrmerge = String.raw`Package: usrmerge\nPin: release *\nPin-Priority: -1\n`;

const remove = 'rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true';

/** What the official image adds to Debian's packages, by path. `dpkg` is told not to sync by a file of mmdebstrap's. */
const settings: Readonly<Record<string, string>> = {
  'etc/apt/apt.conf.d/docker-clean': `DPkg::Post-Invoke { "${remove}"; };\nAPT::Update::Post-Invoke { "${remove}"; };\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n`,
  'etc/apt/apt.conf.d/docker-gzip-indexes': 'Acquire::GzipIndexes "true";\n',
  'etc/apt/apt.conf.d/docker-no-languages': 'Acquire::Languages "none";\n',
  'usr/sbin/policy-rc.d': '#!/bin/sh\nexit 101\n',
};

/**
 * Makes `debian:<release>` in a test's engine, as the official image is made: the minimal base, up to date, with the official
 * image's settings, by mmdebstrap (Debian package `mmdebstrap`; as root) from the mirror of this machine's own apt.
 * Certificates that were added to this machine go along: `ca-certificates`, once installed, trusts them, so that package
 * registries can be reached from a build where a proxy stands in between.
 * An engine that has it from before keeps it.
 */
export async function makeDebian(server: TestEngine, release: string): Promise<void> {
  const [archive, security] = mirrors();
  const sources = [`${archive} ${release}`, `${archive} ${release}-updates`, `${security} ${release}-security`];
  await bootstrap(server, release, `debian:${release}`, sources, settings);
}

/** Makes an image of a Debian of minimal packages alone, for what only an older one does; nothing is brought up to date. */
export async function makeBareDebian(server: TestEngine, release: string, tag: string): Promise<void> {
  await bootstrap(server, release, tag, [`${mirrors()[0]} ${release}`], {});
}

async function bootstrap(
  server: TestEngine,
  release: string,
  tag: string,
  sources: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<void> {
  if (await hasImage(server, tag)) return;
  await using folder = await memoryFolder(treeBytes);
  await chmod(folder.path, 0o755); // apt fetches as a user of its own.
  const [added, tar] = [path.join(folder.path, 'added'), path.join(folder.path, 'root.tar')];
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.join(added, path.dirname(name)), { recursive: true });
    await writeFile(path.join(added, name), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  if (existsSync(ownCertificates)) await cp(ownCertificates, path.join(added, ownCertificates), { recursive: true });
  await mkdir(added, { recursive: true });
  const options = [
    ...['--variant=minbase', '--dpkgopt=force-unsafe-io'],
    // Of the two that a package of Debian 12 is content with, the official image has the one that needs no Perl.
    '--hook-dir=/usr/share/mmdebstrap/hooks/maybe-merged-usr',
    ...[`--setup-hook=printf '${noUsrmerge}' > "$1"/${pin}`, `--customize-hook=rm "$1"/${pin}`],
    // What it would leave, as the image's apt is told to keep none, and what it would take away, as the image has its own.
    ...['--customize-hook=rm -f "$1"/var/cache/apt/*.bin', '--skip=chroot/policy-rc.d'],
    `--customize-hook=sync-in ${added} /`,
  ];
  const lines = sources.map((source) => `deb ${source} main`);
  const env = { ...process.env, TMPDIR: folder.path };
  await run('mmdebstrap', [...options, release, tar, ...lines], { env, maxBuffer: 1 << 26 });
  await importImage(server, tag, await readFile(tar), ['CMD ["bash"]']);
}

/** Debian's archive and its security archive, as this machine's apt is configured. */
function mirrors(): [archive: string, security: string] {
  const uris = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'], {
    encoding: 'utf8',
  }).split('\n');
  const find = (ending: RegExp): string => {
    const found = uris.find((uri) => ending.test(uri));
    if (found === undefined) throw new Error('the apt of this machine has no Debian archive');
    return found;
  };
  return [find(/\/debian\/?$/), find(/\/debian-security\/?$/)];
}
