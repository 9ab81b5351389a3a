import { describe, expect, it } from 'vitest';
import type { ImageConfig } from '../../../src/core/image/image.ts';
import { type StartTrace, traceStart } from '../../../src/core/program/closure.ts';
import { dynamicProgram, elfBytes, glibcFiles } from '../../helpers/elf.ts';
import { emptyConfig } from '../../helpers/historyFixture.ts';
import { type Content, fileSystemOf } from '../../helpers/imageFileSystem.ts';

function trace(files: Readonly<Record<string, Content>>, config: Partial<ImageConfig>): Promise<StartTrace> {
  return traceStart(fileSystemOf(files), { ...emptyConfig, ...config }, new AbortController().signal);
}

async function problems(files: Readonly<Record<string, Content>>, config: Partial<ImageConfig>): Promise<string[]> {
  return (await trace(files, config)).problems.map(({ severity, code, message }) => `${severity} ${code}: ${message}`);
}

const lib = '/usr/lib/x86_64-linux-gnu';
const shell = { '/usr/bin/dash': dynamicProgram(), '/bin/sh': '-> ../usr/bin/dash', ...glibcFiles() };

describe('what is started', () => {
  it.each<[string, Record<string, Content>, Partial<ImageConfig>, string[]]>([
    ['an absolute path', { '/app': elfBytes() }, { entrypoint: ['/app'] }, ['/app']],
    [
      'a path from the working directory',
      { '/srv/app': elfBytes() },
      { cmd: ['./app'], workingDir: '/srv' },
      ['/srv/app'],
    ],
    [
      'a name on PATH, the first that is executable',
      { '/a/app': { mode: 0o644, content: elfBytes() }, '/b/app': elfBytes() },
      { cmd: ['app'], env: ['PATH=/a:/b'] },
      ['/b/app'],
    ],
    ['a name on the PATH of engines', { '/usr/local/bin/app': elfBytes() }, { cmd: ['app'] }, ['/usr/local/bin/app']],
    [
      'a link within the root',
      { '/bin': '-> usr/bin', '/usr/bin/app': '-> ../../../../opt/app', '/opt/app': elfBytes() },
      { cmd: ['/bin/app'] },
      ['/opt/app'],
    ],
    [
      'a wrapper and what it wraps',
      { '/sbin/tini': elfBytes(), '/app': elfBytes() },
      { entrypoint: ['tini', '-g', '--'], cmd: ['/app'] },
      ['/sbin/tini', '/app'],
    ],
    [
      'the shell form',
      { ...shell, '/srv/app': elfBytes() },
      { cmd: ['/bin/sh', '-c', 'exec ./app --port $PORT'], workingDir: '/srv' },
      ['/usr/bin/dash', '/lib64/ld-linux-x86-64.so.2', '/srv/app'],
    ],
    [
      'a script that execs its arguments',
      { ...shell, '/entry.sh': '#!/bin/sh\nset -e\necho hi\nexec "$@"\n', '/usr/bin/app': elfBytes() },
      { entrypoint: ['/entry.sh'], cmd: ['app', '-v'] },
      ['/entry.sh', '/usr/bin/dash', '/lib64/ld-linux-x86-64.so.2', '/usr/bin/app'],
    ],
    [
      'a #! line through env, and the file',
      { '/app.py': '#!/usr/bin/env -S python3 -u\n', '/usr/bin/env': elfBytes(), '/usr/local/bin/python3': elfBytes() },
      { cmd: ['/app.py'], env: ['PATH=/usr/local/bin'] },
      ['/app.py', '/usr/bin/env', '/usr/local/bin/python3'],
    ],
    [
      'a health check',
      { '/app': elfBytes(), '/check': elfBytes() },
      { cmd: ['/app'], healthcheck: ['CMD', '/check'] },
      ['/app', '/check'],
    ],
    [
      'an applet of BusyBox',
      { '/bin/busybox': elfBytes(), '/bin/sh': '-> busybox', '/app': elfBytes() },
      { cmd: ['sh', '-c', 'exec /app'] },
      ['/bin/busybox', '/app'],
    ],
    [
      'node and its file without an ending',
      { '/usr/bin/node': elfBytes(), '/srv/server.js': '' },
      { cmd: ['node', '--inspect', 'server'], workingDir: '/srv' },
      ['/usr/bin/node', '/srv/server.js'],
    ],
    [
      'java and its archive',
      { '/usr/bin/java': elfBytes(), '/app.jar': 'PK' },
      { cmd: ['java', '-Xmx1g', '-jar', '/app.jar'] },
      ['/usr/bin/java', '/app.jar'],
    ],
  ])('%s', async (_, files, config, reached) => {
    const found = await trace(files, config);
    expect(found.problems).toEqual([]);
    expect([...new Set(found.reached.map(({ path }) => path))]).toEqual(expect.arrayContaining(reached));
    expect(new Set(found.reached.map(({ path }) => path)).size).toBe(reached.length);
  });
});

describe('what is missing', () => {
  it.each<[string, Record<string, Content>, Partial<ImageConfig>, string[]]>([
    ['nothing to start', {}, {}, ['breaks no-command: The image says nothing of what a container starts.']],
    ['no such file', {}, { cmd: ['/app'] }, ['breaks not-found: The image starts /app, which is not there.']],
    ['not on PATH', {}, { cmd: ['app'] }, ['breaks not-found: The image starts app, which is not on PATH.']],
    [
      'a link in a circle',
      { '/a': '-> b', '/b': '-> a' },
      { cmd: ['/a'] },
      ['breaks not-found: The image starts /a, which is not there.'],
    ],
    [
      'not executable',
      { '/app': { mode: 0o644, content: elfBytes() } },
      { cmd: ['/app'] },
      ['breaks not-executable: /app is not executable: its mode lacks the x.'],
    ],
    [
      'neither program nor script',
      { '/app': 'hello' },
      { cmd: ['/app'] },
      ['breaks not-a-program: /app is neither an ELF file nor a script with a #! line.'],
    ],
    [
      'no loader',
      { '/app': dynamicProgram([]) },
      { cmd: ['/app'] },
      ['breaks interpreter-missing: /app is loaded by /lib64/ld-linux-x86-64.so.2, which is not there.'],
    ],
    [
      'a shell for the shell form',
      {},
      { cmd: ['/bin/sh', '-c', 'app'] },
      ['breaks not-found: The image starts /bin/sh, which is not there.'],
    ],
    [
      'a script with Windows line ends',
      { ...shell, '/run.sh': '#!/bin/sh\r\necho\r\n' },
      { cmd: ['/run.sh'] },
      [
        'breaks interpreter-missing: /run.sh is run by /bin/sh\\r, which is not there (its #! line ends in a carriage return).',
      ],
    ],
    [
      'an interpreter through env',
      { '/usr/bin/env': elfBytes(), '/a.py': '#!/usr/bin/env python3\n' },
      { cmd: ['/a.py'] },
      ['breaks interpreter-missing: /a.py is run by python3, which is not on PATH.'],
    ],
    [
      'a command that a script ends with',
      { ...shell, '/run.sh': '#!/bin/sh\nexec gunicorn app\n' },
      { cmd: ['/run.sh'] },
      ['breaks not-found: /run.sh runs gunicorn, which is not on PATH.'],
    ],
    [
      'a command that a script may do without',
      { ...shell, '/app': elfBytes(), '/run.sh': '#!/bin/sh\nif [ -n "$X" ]; then envsubst; fi\nexec /app\n' },
      { cmd: ['/run.sh'] },
      ['may-break not-found: /run.sh runs envsubst, which is not on PATH.'],
    ],
    [
      'the file of an interpreter',
      { '/usr/bin/node': elfBytes() },
      { cmd: ['node', 'dist/main.js'], workingDir: '/srv' },
      ['breaks entry-missing: /usr/bin/node runs dist/main.js, which is not there.'],
    ],
    [
      'the program of a health check',
      { '/app': elfBytes() },
      { cmd: ['/app'], healthcheck: ['CMD', 'curl', '-f'] },
      ['may-break not-found: The health check runs curl, which is not on PATH.'],
    ],
    [
      'a library',
      { ...glibcFiles(), '/app': dynamicProgram(['libpq.so.5', 'libc.so.6']) },
      { cmd: ['/app'] },
      ['breaks library-missing: /app needs the library libpq.so.5, which is not there.'],
    ],
    [
      'a library of a library',
      {
        ...glibcFiles(),
        '/app': dynamicProgram(['libpq.so.5']),
        [`${lib}/libpq.so.5`]: elfBytes({ soname: 'libpq.so.5', needed: ['libssl.so.3'] }),
      },
      { cmd: ['/app'] },
      [`breaks library-missing: ${lib}/libpq.so.5 needs the library libssl.so.3, which is not there.`],
    ],
    [
      'a version',
      {
        ...glibcFiles('GLIBC_2.31'),
        '/app': dynamicProgram(['libc.so.6'], {
          versionsNeeded: { 'libc.so.6': ['GLIBC_2.4', 'GLIBC_2.34', 'GLIBC_9?'] },
        }),
      },
      { cmd: ['/app'] },
      ['breaks version-missing: /app needs GLIBC_2.34 of libc.so.6, whose newest is GLIBC_2.31.'],
    ],
    [
      'a library for another processor',
      {
        ...glibcFiles(),
        '/app': dynamicProgram(['libx.so']),
        '/lib/libx.so': elfBytes({ soname: 'libx.so', machine: 183 }),
      },
      { cmd: ['/app'] },
      ['breaks wrong-machine: /app needs the library libx.so, and /lib/libx.so is damaged or for another processor.'],
    ],
    [
      'a library that ldconfig has not seen',
      {
        ...glibcFiles(),
        '/app': dynamicProgram(['libx.so']),
        '/etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
        '/etc/ld.so.conf.d/x.conf': '# mine\n/opt/lib\n',
        '/opt/lib/libx.so': elfBytes({ soname: 'libx.so' }),
      },
      { cmd: ['/app'] },
      [
        'breaks library-missing: /app needs the library libx.so, which is at /opt/lib/libx.so, where the loader does not look before ldconfig has run.',
      ],
    ],
    [
      'a damaged program',
      { '/app': elfBytes().subarray(0, 70) },
      { cmd: ['/app'] },
      ['breaks damaged: /app is a damaged ELF file: It ends too early.'],
    ],
  ])('%s', async (_, files, config, expected) => {
    expect(await problems(files, config)).toEqual(expected);
  });
});

describe('where libraries are found', () => {
  const x = (more = {}): Uint8Array => elfBytes({ soname: 'libx.so', ...more });
  it.each<[string, Record<string, Content>, readonly string[], string]>([
    [
      'RUNPATH with $ORIGIN',
      { '/opt/bin/app': dynamicProgram(['libx.so'], { runpath: '${ORIGIN}/../lib' }), '/opt/lib/libx.so': x() },
      [],
      '/opt/lib/libx.so',
    ],
    [
      'LD_LIBRARY_PATH before RUNPATH',
      { '/opt/bin/app': dynamicProgram(['libx.so'], { runpath: '/run' }), '/run/libx.so': x(), '/env/libx.so': x() },
      ['LD_LIBRARY_PATH=/env'],
      '/env/libx.so',
    ],
    [
      'RPATH before LD_LIBRARY_PATH',
      { '/opt/bin/app': dynamicProgram(['libx.so'], { rpath: '/r' }), '/r/libx.so': x(), '/env/libx.so': x() },
      ['LD_LIBRARY_PATH=/env'],
      '/r/libx.so',
    ],
    [
      'RPATH of the program for its libraries',
      {
        '/opt/bin/app': dynamicProgram(['liba.so'], { rpath: '/r' }),
        '/r/liba.so': elfBytes({ soname: 'liba.so', needed: ['libx.so'] }),
        '/r/libx.so': x(),
      },
      [],
      '/r/libx.so',
    ],
    ['lib64', { '/opt/bin/app': dynamicProgram(['libx.so']), '/usr/lib64/libx.so': x() }, [], '/usr/lib64/libx.so'],
    [
      'past one for another processor',
      { '/opt/bin/app': dynamicProgram(['libx.so']), [`${lib}/libx.so`]: x({ machine: 3 }), '/usr/lib/libx.so': x() },
      [],
      '/usr/lib/libx.so',
    ],
    ['a path', { '/opt/bin/app': dynamicProgram(['/a/libx.so']), '/a/libx.so': x() }, [], '/a/libx.so'],
  ])('%s', async (_, files, env, path) => {
    const found = await trace({ ...glibcFiles(), ...files }, { cmd: ['/opt/bin/app'], env });
    expect(found.problems).toEqual([]);
    expect(found.libraries.map((library) => library.path)).toContain(path);
  });

  it('RUNPATH of the program does not count for its libraries', async () => {
    const files = {
      ...glibcFiles(),
      '/app': dynamicProgram(['liba.so'], { runpath: '/r' }),
      '/r/liba.so': elfBytes({ soname: 'liba.so', needed: ['libx.so'] }),
      '/r/libx.so': x(),
    };
    expect(await problems(files, { cmd: ['/app'] })).toEqual([
      'breaks library-missing: /r/liba.so needs the library libx.so, which is not there.',
    ]);
  });

  it('musl: itself, its path file, RPATH of whoever needs it', async () => {
    const interpreter = '/lib/ld-musl-x86_64.so.1';
    const files = {
      [interpreter]: elfBytes({ soname: 'libc.musl-x86_64.so.1' }),
      '/etc/ld-musl-x86_64.path': '/opt/lib:/usr/lib\n',
      '/app': elfBytes({ interpreter, needed: ['libx.so', 'libc.musl-x86_64.so.1', 'libz.so.1'] }),
      '/opt/lib/libx.so': x(),
      '/lib/libz.so.1': elfBytes({ soname: 'libz.so.1' }),
    };
    const found = await trace(files, { cmd: ['/app'] });
    expect(found.libc).toEqual(['musl']);
    expect(found.libraries.map(({ path }) => path)).toEqual(['/opt/lib/libx.so']);
    expect(found.problems.map(({ subject }) => subject)).toEqual(['libz.so.1']);
  });

  it('the cache of ldconfig', async () => {
    const files = {
      ...glibcFiles(),
      '/app': dynamicProgram(['libx.so']),
      '/etc/ld.so.cache': linkerCache({ 'libx.so': '/opt/x/libx.so' }),
      '/opt/x/libx.so': x(),
    };
    const found = await trace(files, { cmd: ['/app'] });
    expect(found.problems).toEqual([]);
    expect(found.libraries[0]).toMatchObject({ path: '/opt/x/libx.so', name: 'libx.so', neededBy: '/app' });
  });
});

describe('what a base has to have', () => {
  it.each<[string, Record<string, Content>, Partial<ImageConfig>, object]>([
    [
      'a static program',
      { '/app': elfBytes() },
      { cmd: ['/app'] },
      { kind: 'static', libc: 'none', libraries: [], interpreters: [] },
    ],
    [
      'a program of glibc',
      {
        ...glibcFiles(),
        '/app': dynamicProgram(['libc.so.6'], { versionsNeeded: { 'libc.so.6': ['GLIBC_2.2.5', 'GLIBC_2.4'] } }),
      },
      { cmd: ['/app'] },
      { kind: 'libc', libc: 'glibc', glibc: 'GLIBC_2.4', glibcPresent: 'GLIBC_2.36', libraries: [] },
    ],
    [
      'a program of C++',
      {
        ...glibcFiles(),
        '/app': dynamicProgram(['libstdc++.so.6', 'libc.so.6']),
        [`${lib}/libstdc++.so.6`]: elfBytes({ soname: 'libstdc++.so.6', needed: ['libc.so.6'] }),
      },
      { cmd: ['/app'] },
      { kind: 'runtime', libraries: ['libstdc++.so.6'] },
    ],
    [
      'a program with a database’s library',
      {
        ...glibcFiles(),
        '/app': dynamicProgram(['libpq.so.5', 'libc.so.6']),
        [`${lib}/libpq.so.5`]: elfBytes({ soname: 'libpq.so.5', symbols: ['dlopen'] }),
      },
      { cmd: ['/app'] },
      { kind: 'libraries', libraries: ['libpq.so.5'], opensLibraries: true },
    ],
    [
      'a script',
      { ...shell, '/run.sh': '#!/bin/sh\nexec /app\n', '/app': elfBytes() },
      { cmd: ['/run.sh'] },
      { kind: 'script', interpreters: ['/usr/bin/dash'] },
    ],
    [
      'a language',
      { '/usr/bin/node': elfBytes(), '/a.js': '' },
      { cmd: ['node', '/a.js'] },
      { kind: 'script', interpreters: ['/usr/bin/node'] },
    ],
    ['a program that is not there', {}, { cmd: ['/app'] }, { kind: 'unknown' }],
  ])('%s', async (_, files, config, needs) => {
    expect((await trace(files, config)).needs).toMatchObject(needs);
  });

  it('says why, path by path', async () => {
    const files = { ...glibcFiles(), '/app': dynamicProgram() };
    expect((await trace(files, { cmd: ['/app'] })).needs.evidence).toEqual([
      '/app is linked dynamically, for amd64, and loaded by /lib64/ld-linux-x86-64.so.2.',
      '/lib64/ld-linux-x86-64.so.2 is the loader of /app.',
      `/app needs libc.so.6, which is ${lib}/libc.so.6.`,
    ]);
  });
});

describe('modules of an interpreter', () => {
  const node = '/usr/local/bin/node';
  const modules = '/srv/node_modules/@img/sharp';
  const start = { cmd: ['node', '/srv/a.js'] };
  const base = { ...glibcFiles(), [node]: dynamicProgram(), '/srv/a.js': '' };
  const vips = elfBytes({ soname: 'sharp', needed: ['libvips.so.42', 'libc.so.6'] });

  it('what one lacks may break it', async () => {
    expect(await problems({ ...base, [`${modules}/lib/sharp.node`]: vips }, start)).toEqual([
      `may-break library-missing: ${modules}/lib/sharp.node needs the library libvips.so.42, which is not there.`,
    ]);
  });

  it('what is there counts for the base', async () => {
    const files = {
      ...base,
      [`${modules}/sharp.node`]: vips,
      [`${lib}/libvips.so.42`]: elfBytes({ soname: 'libvips.so.42' }),
    };
    const { problems: found, needs } = await trace(files, start);
    expect(found).toEqual([]);
    expect(needs).toMatchObject({ kind: 'script', libraries: ['libvips.so.42'] });
    expect(needs.evidence).toContain(`${node} may load ${modules}/sharp.node.`);
  });

  it('a build of the same package for another system, or for musl, is not what is loaded', async () => {
    const files = {
      ...base,
      [`${modules}/prebuilds/arm64.node`]: elfBytes({ soname: 'a', machine: 183, needed: ['libvips.so.42'] }),
      [`${modules}/prebuilds/musl.node`]: elfBytes({ soname: 'a', needed: ['libc.musl-x86_64.so.1'] }),
      [`${modules}/prebuilds/glibc.node`]: elfBytes({ soname: 'a', needed: ['libc.so.6'] }),
    };
    expect(await problems(files, start)).toEqual([]);
  });

  it('a build for glibc only is missed on musl', async () => {
    const interpreter = '/lib/ld-musl-x86_64.so.1';
    const files = {
      [interpreter]: elfBytes({ soname: 'libc.musl-x86_64.so.1' }),
      '/usr/bin/python3.12': elfBytes({ interpreter, needed: ['libc.musl-x86_64.so.1'] }),
      '/usr/lib/python3.12/site-packages/psycopg2/_psycopg.so': elfBytes({
        soname: 'p',
        needed: ['libpthread.so.0', 'ld-linux-x86-64.so.2'],
      }),
    };
    const { problems: found } = await trace(files, { cmd: ['/usr/bin/python3.12', '-c', '1'] });
    expect(found.map(({ severity, subject }) => `${severity} ${subject}`)).toEqual(['may-break ld-linux-x86-64.so.2']);
  });

  it('nobody looks for modules of other programs', async () => {
    const files = { ...glibcFiles(), '/app': dynamicProgram(), [`${modules}/sharp.node`]: vips };
    expect(await problems(files, { cmd: ['/app'] })).toEqual([]);
  });
});

it('a file that cannot be read is a problem of its own', async () => {
  const files = fileSystemOf({ '/app': elfBytes() });
  const broken = { ...files, open: () => Promise.reject(new Error('no layer')) };
  const { problems: found } = await traceStart(broken, { ...emptyConfig, cmd: ['/app'] }, new AbortController().signal);
  expect(found).toMatchObject([{ code: 'unreadable', message: '/app could not be read: no layer' }]);
});

it('stops when it is cancelled', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(traceStart(fileSystemOf({}), { ...emptyConfig, cmd: ['/app'] }, signal)).rejects.toThrow('enough');
});

/** In the format of glibc since 2.2. */
function linkerCache(libraries: Readonly<Record<string, string>>): Uint8Array {
  const entries = Object.entries(libraries);
  const head = Buffer.alloc(48 + 24 * entries.length);
  head.write('glibc-ld.so.cache1.1');
  head.writeUInt32LE(entries.length, 20);
  let strings = Buffer.alloc(0);
  entries.forEach(([name, path], index) => {
    const at = 48 + 24 * index;
    head.writeInt32LE(0x0303, at);
    head.writeUInt32LE(head.length + strings.length, at + 4);
    strings = Buffer.concat([strings, Buffer.from(`${name}\0`)]);
    head.writeUInt32LE(head.length + strings.length, at + 8);
    strings = Buffer.concat([strings, Buffer.from(`${path}\0`)]);
  });
  return Buffer.concat([head, strings]);
}
