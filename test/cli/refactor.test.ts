import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { plimsoll, type Ran } from '../helpers/commandLine.ts';
import { projectFolder } from '../helpers/projectFolder.ts';

const goProject = {
  Dockerfile: `FROM golang:1.26-bookworm
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /hello .
CMD ["/hello"]
`,
  'main.go': 'package main\n\nfunc main() { println("hello") }\n',
  'go.mod': 'module hello\n\ngo 1.26\n',
};
const cProject = {
  Dockerfile: 'FROM gcc:14-bookworm\nCOPY hello.c .\nRUN gcc -o hello hello.c\nCMD ["./hello"]\n',
  'hello.c': 'int main(void) { return 0; }\n',
};

/** A site whose server is exchanged: it has to be told the port. */
const siteProject = {
  Dockerfile: `FROM node:20-trixie-slim
WORKDIR /site
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
EXPOSE 8000
CMD ["npx", "serve", "dist"]
`,
  'package.json': '{ "scripts": { "build": "node build.js" }, "devDependencies": { "serve": "14.2.4" } }',
  'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
  'build.js': 'import fs from "node:fs";\nfs.mkdirSync("dist");\nfs.copyFileSync("page.html", "dist/index.html");\n',
  'page.html': '<h1>Tides</h1>\n',
};

interface Given {
  readonly ran: Ran;
  readonly folder: string;
  readonly read: (name?: string) => Promise<string>;
}

/** Runs `plimsoll fix ARGS…` in a folder with these files. */
async function given(
  files: Readonly<Record<string, string | Buffer>>,
  args: readonly string[],
  check: (given: Given) => unknown,
): Promise<void> {
  await using folder = await projectFolder(files);
  const ran = await plimsoll(['fix', '--offline', ...args], { cwd: folder.path });
  const read = (name = 'Dockerfile'): Promise<string> => readFile(path.join(folder.path, name), 'utf8');
  await check({ ran, folder: folder.path, read });
}

interface Reported {
  readonly path: string;
  readonly outcome: string;
  readonly code?: string;
  readonly line?: number;
  readonly runBase?: string;
  readonly before?: { bytes: number; basis: string };
  readonly notes?: { kind: string; text: string }[];
  readonly options?: { key: string }[];
  readonly changes: { path: string; created: boolean; text: string }[];
  readonly diff: string;
}

function reported({ out }: Ran): Reported[] {
  const { schema, files } = JSON.parse(out) as { schema: number; files: Reported[] };
  expect(schema).toBe(1);
  return files;
}

describe('fix --multi-stage', () => {
  it('prints a diff that git applies on standard output, the rationale on standard error', () =>
    given(goProject, ['--multi-stage', 'Dockerfile'], async ({ ran, folder, read }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toMatch(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ /);
      expect(ran.err).toMatch(/^Dockerfile: Convert to multi-stage \(≥ 833 MB → /);
      expect(ran.err).toMatch(/\n {2}moved .*static-debian12/);
      expect(ran.err).toMatch(/\n {2}to test /);
      expect(await read()).toBe(goProject.Dockerfile);
      expect(spawnSync('git', ['apply', '-'], { cwd: folder, input: ran.out }).status).toBe(0);
      expect(await read()).toContain('COPY --from=build /hello /hello');
    }));

  it('writes, once', () =>
    given(goProject, ['--multi-stage', '--write', '--quiet', '.'], async ({ ran, folder, read }) => {
      expect(ran).toEqual({ status: 0, out: '', err: '' });
      const written = await read();
      expect(written).toContain('COPY --from=build /hello /hello');
      const again = await plimsoll(['fix', '--offline', '--multi-stage', '--write', '.'], { cwd: folder });
      expect(again).toMatchObject({ status: 1, out: '' });
      expect(await read()).toBe(written);
    }));

  it('tells programs everything', () =>
    given(cProject, ['--multi-stage', '--json', '.'], ({ ran }) => {
      expect(ran).toMatchObject({ status: 0, err: '' });
      const [file] = reported(ran);
      expect(file).toMatchObject({ path: 'Dockerfile', outcome: 'proposal', options: [{ key: 'static-link' }] });
      expect(file!.runBase).toMatch(/distroless/);
      expect(file!.notes!.map(({ kind }) => kind)).toContain('moved');
      expect(file!.changes).toEqual([
        { path: 'Dockerfile', created: false, text: expect.stringContaining('AS build') as string },
      ]);
      expect(file!.diff).toMatch(/^--- a\/Dockerfile/);
    }));

  it('says which answers could be given, and takes them', async () => {
    await given(cProject, ['--multi-stage', '.'], ({ ran }) =>
      expect(ran.err).toMatch(
        /It could be otherwise:\n {2}Link .*\n {4}--assume static-link=no {2}.*\(the default\)\n {4}--assume static-link=yes /,
      ),
    );
    await given(cProject, ['--multi-stage', '--assume', 'static-link=yes', '.'], ({ ran }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toContain('-static');
    });
  });

  it('a refusal is exit status 1, with the line and the reason', async () => {
    const Dockerfile = goProject.Dockerfile.replace('CMD', 'RUN curl -fsSL https://example.com/install.sh | sh\nCMD');
    const files = { ...goProject, Dockerfile };
    await given(files, ['--multi-stage', '--write', '--quiet', '.'], async ({ ran, read }) => {
      expect(ran).toMatchObject({ status: 1, out: '' });
      expect(ran.err).toMatch(/^Dockerfile:5: \S.*\.\n$/);
      expect(await read()).toBe(Dockerfile);
    });
    await given(files, ['--multi-stage', '--json', '.'], ({ ran }) => {
      expect(ran.status).toBe(1);
      expect(reported(ran)).toMatchObject([{ outcome: 'refusal', line: 5, changes: [], diff: '' }]);
    });
  });

  it('an open question is exit status 1, with what to answer', async () => {
    await given(siteProject, ['--multi-stage', '--quiet', '.'], ({ ran }) => {
      expect(ran).toMatchObject({ status: 1, out: '' });
      expect(ran.err).toMatch(/^Dockerfile: On which port .*\?.*\n {4}--assume port=3000 {2}\(the default\)\n$/);
    });
    await given(siteProject, ['--multi-stage', '--json', '.'], ({ ran }) => {
      expect(ran.status).toBe(1);
      expect(reported(ran)).toMatchObject([{ outcome: 'inquiry', questions: [{ key: 'port', default: '3000' }] }]);
    });
    await given(siteProject, ['--multi-stage', '--assume', 'port=8080', '.'], ({ ran }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toContain('8080');
    });
  });

  it('a file that is refused keeps no other from being refactored', () =>
    given(
      { 'a/Dockerfile': 'FROM debian\nCMD ["date"]\n', ...prefixed('b', goProject) },
      ['--multi-stage', '.'],
      ({ ran }) => {
        expect(ran.status).toBe(1);
        expect(ran.out).toMatch(/^--- a\/b\/Dockerfile\n/);
        expect(ran.err).toMatch(/a\/Dockerfile:1: .*\nb\/Dockerfile: Convert to multi-stage/);
      },
    ));

  it('who uses the image is heard', () => {
    const service = 'services:\n  web:\n    build: .\n    command: sh -c "ls && /hello"\n';
    return given({ ...goProject, 'compose.yaml': service }, ['--multi-stage', '--json', '.'], ({ ran }) => {
      // The command needs a shell: the image gets a base that has one, or is left alone.
      expect(reported(ran)[0]!.runBase ?? 'refused').not.toContain('distroless');
    });
  });

  it('mends size smells first where it is asked to', () => {
    const Dockerfile = goProject.Dockerfile.replace('COPY', 'RUN apt-get update && apt-get install -y make\nCOPY');
    return given({ ...goProject, Dockerfile }, ['--multi-stage', '--all', '.'], ({ ran }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toContain('rm -rf /var/lib/apt/lists/*');
      expect(ran.out).toContain('COPY --from=build');
      expect(ran.err).toMatch(/\nDockerfile: \d size smells? mended too\.\n$/);
    });
  });

  it('does not write what it would damage', () => {
    const Dockerfile = Buffer.concat([Buffer.from(`${goProject.Dockerfile}# `), Buffer.from([0xe9, 10])]);
    return given({ ...goProject, Dockerfile }, ['--multi-stage', '--write', '.'], ({ ran }) => {
      expect(ran.status).toBe(2);
      expect(ran.err).toMatch(/Dockerfile is not written: it is not UTF-8/);
    });
  });
});

describe('fix --minimal-base and --base', () => {
  const files = { Dockerfile: 'FROM python:3.12\nCOPY app.py /\nCMD ["python", "/app.py"]\n', 'app.py': 'print(1)\n' };

  it('--minimal-base takes the smallest that fits', () =>
    given(files, ['--minimal-base', '.'], ({ ran }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toMatch(/-FROM python:3\.12\n\+FROM python:3\.12-\S+/);
    }));

  it('--base takes the one that is named', () =>
    given(files, ['--base', 'python:3.12-slim', '.'], ({ ran }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toContain('+FROM python:3.12-slim\n');
    }));

  it('--base refuses one that does not fit', () =>
    given(files, ['--base', 'python:3.9-slim', '--json', '.'], ({ ran }) => {
      expect(ran.status).toBe(1);
      expect(reported(ran)).toMatchObject([{ outcome: 'refusal' }]);
    }));
});

describe('fix --dockerignore and --small', () => {
  const files = {
    Dockerfile: 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install flask\nCMD ["python", "app.py"]\n',
    'app.py': 'print(1)\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
  };

  it('--dockerignore makes the file, in a diff that git applies', () =>
    given(files, ['--dockerignore', '.'], async ({ ran, folder, read }) => {
      expect(ran.status).toBe(0);
      expect(ran.out).toMatch(/^--- \/dev\/null\n\+\+\+ b\/\.dockerignore\n@@ /);
      const apply = spawnSync('git', ['apply', '--unsafe-paths', '-'], { cwd: folder, input: ran.out });
      expect(apply.stderr.toString()).toBe('');
      expect(await read('.dockerignore')).toMatch(/^\.git$/m);
    }));

  it('--dockerignore extends one that is there', () =>
    given(
      { ...files, '.dockerignore': '# mine\n.dockerignore\n' },
      ['--dockerignore', '--write', '.'],
      async ({ read }) => expect(await read('.dockerignore')).toMatch(/^# mine\n\.dockerignore\n[^]*^\.git$/m),
    ));

  it('--small changes both files, and a second time neither', () =>
    given(files, ['--small', '--write', '.'], async ({ ran, folder, read }) => {
      expect(ran.status).toBe(0);
      const both = [await read(), await read('.dockerignore')];
      expect(both[0]).not.toBe(files.Dockerfile);
      expect(both[1]).toContain('.git');
      await plimsoll(['fix', '--offline', '--small', '--write', '.'], { cwd: folder });
      expect([await read(), await read('.dockerignore')]).toEqual(both);
    }));

  it('several flags at once are one change', () =>
    given(files, ['--minimal-base', '--dockerignore', '--json', '.'], ({ ran }) => {
      const [file] = reported(ran);
      expect(file!.changes.map(({ path: name, created }) => [name, created])).toEqual([
        ['Dockerfile', false],
        ['.dockerignore', true],
      ]);
    }));

  it('what is written lies in the context, wherever the terminal is', async () => {
    await given({ ...prefixed('app', files) }, ['--dockerignore', '--write', 'app'], async ({ read }) =>
      expect(await read('app/.dockerignore')).toContain('.git'),
    );
  });
});

describe('wrong usage', () => {
  it.each<[string[], RegExp]>([
    [['--base', 'a', '--minimal-base', '.'], /cannot be used with/],
    [['--small', '--multi-stage', '.'], /cannot be used with/],
    [['--multi-stage', '--assume', 'x', '.'], /KEY=VALUE/],
    [['--multi-stage', '--rule', 'nonsense', '.'], /no rule nonsense/],
    [['--multi-stage', 'nosuch'], /nosuch cannot be read/],
  ])('%j', (args, message) =>
    given(goProject, args, ({ ran }) => {
      expect(ran.status).toBe(2);
      expect(ran.err).toMatch(message);
    }),
  );
});

function prefixed(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}
