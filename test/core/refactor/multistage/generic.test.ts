import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

interface Project {
  readonly base?: string;
  readonly packages: string;
  readonly install: string;
  readonly before?: readonly string[];
  readonly start?: string;
  readonly files?: Files;
}

function project({ base, packages, install, before = [], start, files }: Project) {
  return {
    lines: [
      `FROM ${base ?? 'debian:bookworm-slim'}`,
      `RUN ${base?.startsWith('alpine') ? 'apk add' : 'apt-get update && apt-get install -y'} ${packages}`,
      'WORKDIR /app',
      ...before,
      'COPY package.json Gemfile requirements.txt app.py ./',
      `RUN ${install}`,
      start ?? 'CMD ["python3", "app.py"]',
    ],
    files: { 'package.json': '{}', Gemfile: '', 'requirements.txt': 'flask\n', 'app.py': '', ...files },
  };
}

/** The folders that the last stage gets. */
function folders(given: Project): readonly string[] {
  const { text } = proposed(project(given));
  const found = text.match(/^COPY --from=build .*$/gm)!.map((line) => line.split(' ').at(-1)!);
  return found.filter((path) => !/^\/app\/./.test(path));
}

const local = ['/usr/local/bin/', '/usr/local/lib/', '/usr/local/share/'];

describe('in a distribution, what goes along of', () => {
  it.each<[string, readonly string[], Project]>([
    ['pip', local, { packages: 'python3 python3-pip gcc', install: 'pip3 install --break-system-packages flask' }],
    [
      'an environment',
      ['/opt/v', ...local],
      { packages: 'python3 python3-venv gcc', install: 'python3 -m venv /opt/v && /opt/v/bin/pip install flask' },
    ],
    [
      'an environment on Alpine',
      ['/opt/v', ...local],
      {
        base: 'alpine:3.22',
        packages: 'python3 gcc musl-dev',
        install: 'python3 -m venv /opt/v && /opt/v/bin/pip install flask',
      },
    ],
    [
      'gems',
      ['/var/lib/gems', ...local],
      { packages: 'ruby ruby-dev gcc make', install: 'gem install puma', start: 'CMD ["ruby", "app.rb"]' },
    ],
    [
      'Bundler',
      ['/app', '/var/lib/gems', ...local],
      { packages: 'ruby ruby-dev gcc make', install: 'bundle install', start: 'CMD ["ruby", "app.rb"]' },
    ],
    [
      'npm',
      ['/app', ...local],
      { packages: 'nodejs npm g++ make', install: 'npm ci', start: 'CMD ["node", "app.js"]' },
    ],
    ['cpanm', local, { packages: 'perl cpanminus gcc', install: 'cpanm Plack', start: 'CMD ["perl", "app.pl"]' }],
  ])('%s', (_, expected, given) => {
    expect(folders(given)).toEqual(expected);
  });
});

it.each([
  ['python3 python3-pip python3-dev gcc', 'python3'],
  ['python3 python3-pip python3-setuptools build-essential', 'python3 python3-setuptools'],
  ['python3 python3-pip gcc libmagic-dev libgomp1', 'python3 libgomp1'],
])('of %s the run stage installs %s', (packages, expected) => {
  const { text } = proposed(project({ packages, install: 'pip3 install --break-system-packages flask' }));
  expect(text.slice(text.lastIndexOf('FROM '))).toContain(`--no-upgrade ${expected} $(cat`);
});

describe('refuses', () => {
  it.each<[string, string, Project]>([
    [
      'packages in a home',
      'other-place',
      { packages: 'python3 python3-pip gcc', install: 'pip3 install --user flask' },
    ],
    [
      'packages of somebody',
      'not-root',
      { packages: 'python3 python3-pip gcc', install: 'pip3 install flask', before: ['USER 1000'] },
    ],
    [
      'packages among those of Alpine',
      'packages-in-system',
      { base: 'alpine:3.22', packages: 'python3 py3-pip gcc', install: 'pip3 install --break-system-packages flask' },
    ],
    [
      'an environment that Poetry chooses',
      'other-environment',
      { packages: 'python3 python3-poetry gcc', install: 'poetry install' },
    ],
    [
      'another prefix',
      'other-place',
      {
        packages: 'python3 gcc make',
        install: 'make install PREFIX=/opt/x',
        files: { Makefile: 'install:\n\ttrue\n' },
      },
    ],
  ])('%s', (_, code, given) => {
    expect(outcomeOf(project(given))).toBe(`refused ${code}`);
  });
});

it.each([
  ['mkdir -p /data/db && chown -R 1000 /data', '--chown=1000 /data/db /data/db'],
  ['mkdir -p /data/db && chown 1000 /data/db', '--chown=1000 /data/db /data/db'],
  ['mkdir -p /data/db && chown 1000 /data', '/data/db /data/db'],
  ['chown -R 1000 /data ; mkdir -p /data/db', '/data/db /data/db'],
])('after %s there is COPY --from=build %s', (commands, expected) => {
  const { text } = proposed(
    project({ packages: 'python3 python3-pip gcc', install: `${commands} && pip3 install flask` }),
  );
  expect(text).toContain(`COPY --from=build ${expected}\n`);
});
