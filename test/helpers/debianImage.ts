import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildImage, hasImage, importImage, type TestEngine } from './engine.ts';
import { temporaryFolder } from './temporaryFolder.ts';

const run = promisify(execFile);

/** Where `update-ca-certificates` looks for certificates that a machine has added. */
export const ownCertificates = '/usr/local/share/ca-certificates';

/**
 * Makes `debian:<release>` in a test's engine, as the official image is made: the minimal base by debootstrap (Debian
 * package `debootstrap`; as root) from the mirror of this machine's own apt, with the official image's settings, up to date.
 * Certificates that were added to this machine go along: `ca-certificates`, once installed, trusts them, so that package
 * registries can be reached from a build where a proxy stands in between.
 * An engine that was given, and has it from before, keeps it.
 */
export async function makeDebian(server: TestEngine, release: string): Promise<void> {
  if (await hasImage(server, `debian:${release}`)) return;
  await using folder = await temporaryFolder();
  const root = path.join(folder.path, 'root');
  const [archive, security] = mirrors();
  await run('debootstrap', ['--variant=minbase', release, root, archive], { maxBuffer: 1 << 26 });
  const write = (name: string, text: string) => writeFile(path.join(root, name), text);
  const remove =
    'rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb /var/cache/apt/*.bin || true';
  await write(
    'etc/apt/apt.conf.d/docker-clean',
    `DPkg::Post-Invoke { "${remove}"; };\nAPT::Update::Post-Invoke { "${remove}"; };\n` +
      'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n',
  );
  await write('etc/apt/apt.conf.d/docker-gzip-indexes', 'Acquire::GzipIndexes "true";\n');
  await write('etc/apt/apt.conf.d/docker-no-languages', 'Acquire::Languages "none";\n');
  await write('usr/sbin/policy-rc.d', '#!/bin/sh\nexit 101\n');
  await run('chmod', ['755', path.join(root, 'usr/sbin/policy-rc.d')]);
  if (existsSync(ownCertificates)) {
    await cp(ownCertificates, path.join(root, ownCertificates), { recursive: true });
  }
  const lines = [`${archive} ${release}`, `${archive} ${release}-updates`, `${security} ${release}-security`];
  await write('etc/apt/sources.list', lines.map((line) => `deb ${line} main\n`).join(''));
  for (const name of ['var/lib/apt/lists', 'var/cache/apt/archives', 'dev', 'proc', 'sys']) {
    await rm(path.join(root, name), { recursive: true, force: true });
    await mkdir(path.join(root, name), { recursive: true });
  }
  const tar = path.join(folder.path, 'root.tar');
  await run('tar', ['-C', root, '-cf', tar, '.']);
  await importImage(server, `plimsoll/bootstrapped:${release}`, await readFile(tar));
  await buildImage(
    server,
    `debian:${release}`,
    `FROM plimsoll/bootstrapped:${release}\nRUN apt-get update && apt-get dist-upgrade -y && rm -rf /var/lib/apt/lists/*\nCMD ["bash"]\n`,
  );
}

/** Makes an image of a Debian as debootstrap leaves it, for what only an older one does; nothing is brought up to date. */
export async function makeBareDebian(server: TestEngine, release: string, tag: string): Promise<void> {
  if (await hasImage(server, tag)) return;
  await using folder = await temporaryFolder();
  const [root, tar] = [path.join(folder.path, 'root'), path.join(folder.path, 'root.tar')];
  const [archive] = mirrors();
  await run('debootstrap', ['--variant=minbase', release, root, archive], { maxBuffer: 1 << 26 });
  await run('tar', ['-C', root, '-cf', tar, '.']);
  await importImage(server, tag, await readFile(tar));
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
