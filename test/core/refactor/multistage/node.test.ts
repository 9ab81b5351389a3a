import { describe, expect, it } from 'vitest';
import { type Conversion, outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

interface Project {
  readonly manifest?: object;
  readonly files?: Files;
  readonly install?: string;
  readonly then?: readonly string[];
  readonly cmd?: string;
  readonly base?: string;
  readonly answers?: Readonly<Record<string, string>>;
}

/** A lock file without anything that is compiled. */
const lock = '{ "lockfileVersion": 3, "packages": {} }';

function server({
  manifest,
  files,
  install = 'npm ci',
  then = [],
  cmd = '["node", "server.js"]',
  base,
  answers,
}: Project): Conversion {
  return {
    lines: [`FROM ${base ?? 'node:22-bookworm'}`, 'WORKDIR /app', 'COPY . .', `RUN ${install}`, ...then, `CMD ${cmd}`],
    files: {
      'package.json': JSON.stringify({ devDependencies: { typescript: '5' }, ...manifest }),
      'package-lock.json': lock,
      'server.js': "require('http');\n",
      ...files,
    },
    ...(answers === undefined ? {} : { answers }),
  };
}

/** The command that removes development dependencies; undefined where they stay. */
function pruningOf(project: Project): string | undefined {
  return /^RUN (?:cd \S+ && )?(?:npm prune|yarn install --production|CI=true pnpm prune|rm -rf node_modules).*$/m.exec(
    proposed(server(project)).text,
  )?.[0];
}

/** Why they stay. */
function reasonOf(project: Project): string | undefined {
  const { notes } = proposed(server(project)).proposal;
  return notes.map(({ text }) => /^Development dependencies stay, because (.*)\.$/.exec(text)?.[1]).find(Boolean);
}

describe('development dependencies are removed after', () => {
  it.each([
    ['npm ci', 'RUN npm prune --omit=dev --ignore-scripts'],
    ['npm install', 'RUN npm prune --omit=dev --ignore-scripts'],
    ['npm ci --legacy-peer-deps', 'RUN npm prune --omit=dev --ignore-scripts --legacy-peer-deps'],
    [
      'yarn install --frozen-lockfile',
      'RUN yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline',
    ],
    ['yarn', 'RUN yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline'],
    ['pnpm install', 'RUN CI=true pnpm prune --prod --ignore-scripts'],
  ])('%s', (install, expected) => {
    expect(pruningOf({ install })).toBe(expected);
  });

  it.each([
    'npm ci --omit=dev',
    'npm install --production',
    'npm ci --only=production',
    'NODE_ENV=production npm ci',
    'npm ci && npm prune --omit=dev',
  ])('not %s, after which there are none', (install) => {
    expect(pruningOf({ install })).toBeUndefined();
    expect(reasonOf({ install })).toBeUndefined();
  });
});

describe('development dependencies stay, because', () => {
  it.each<[string, Project]>([
    ['src/a.ts imports typescript', { files: { 'src/a.ts': "import ts from 'typescript';" } }],
    ['src/a.ts imports typescript', { files: { 'src/a.ts': "const ts = await import('typescript');" } }],
    ['src/a.ts imports typescript', { files: { 'src/a.ts': "export * from 'typescript';" } }],
    ['lib/a.js imports typescript', { files: { 'lib/a.js': "require('typescript/lib/typescript');" } }],
    ['app.config.js imports typescript', { files: { 'app.config.js': "require('typescript');" } }],
    ['server.js names typescript', { files: { 'server.js': "const name = 'typescript'; load(name);" } }],
    [
      'what is started uses dotenv',
      {
        manifest: { devDependencies: { 'dotenv-cli': '1' }, scripts: { start: 'dotenv -- node server.js' } },
        cmd: '["npm", "start"]',
      },
    ],
    [
      'what is started uses dotenv/config',
      { manifest: { devDependencies: { dotenv: '1' } }, cmd: '["node", "-r", "dotenv/config", "server.js"]' },
    ],
    [
      'what brings `migrate-all`, which is started, is not known',
      { manifest: { scripts: { start: 'migrate-all && node server.js' } }, cmd: '["npm", "start"]' },
    ],
    ['pg may be loaded by a name that nothing spells out', { manifest: { devDependencies: { pg: '8' } } }],
    ['which workspaces need which of them is not known', { manifest: { workspaces: ['packages/*'] } }],
    ['which workspaces need which of them is not known', { files: { 'pnpm-workspace.yaml': 'packages: []' } }],
    [
      'this yarn has no command that only removes them',
      {
        manifest: { packageManager: 'yarn@4.1.0' },
        files: { '.yarnrc.yml': 'nodeLinker: node-modules\n' },
        install: 'yarn install',
      },
    ],
    [
      'react may be wanted by a dependency, which yarn does not tell',
      { manifest: { devDependencies: { react: '18' } }, install: 'yarn install' },
    ],
    // No registry has a package without a name, but a manifest may name one.
    [
      ' may be wanted by a dependency, which yarn does not tell',
      { manifest: { devDependencies: { '': '1' } }, install: 'yarn install' },
    ],
    ['line 5 builds on as another user than the one who installed them', { then: ['USER node', 'RUN npm run build'] }],
  ])('%s', (reason, project) => {
    expect(reasonOf(project)).toBe(reason);
    expect(pruningOf(project)).toBeUndefined();
  });
});

it('are removed by the option that an old npm knows', () => {
  expect(pruningOf({ base: 'node:14-bullseye' })).toBe('RUN npm prune --production --ignore-scripts');
});

it.each(['yarn install', 'npm ci'])(
  'are removed after %s with a secret only where no registry is asked again',
  (install) => {
    const project = { install: `--mount=type=secret,id=npmrc,target=/root/.npmrc ${install}` };
    expect(pruningOf(project) === undefined).toBe(install === 'yarn install');
  },
);

describe('development dependencies do not stay for', () => {
  it.each<[string, Files]>([
    ['a test', { 'test/a.js': "require('typescript');" }],
    ['a test beside the source', { 'src/a.test.ts': "import 'typescript';" }],
    ['the settings of a tool', { 'webpack.config.js': "require('typescript');" }],
    ['types only', { 'src/a.ts': "import type { Node } from 'typescript';" }],
    ['a module of Node.js with a like name', { 'src/a.ts': "import x from 'typescript-is-fine';" }],
  ])('%s', (_, files) => {
    expect(pruningOf({ files })).toBe('RUN npm prune --omit=dev --ignore-scripts');
  });
});

describe('what cannot be converted', () => {
  it.each<[string, string, Project]>([
    [
      'a watcher behind npm start',
      'refused needs-toolchain',
      { manifest: { scripts: { start: 'nodemon server.js' } }, cmd: '["npm", "start"]' },
    ],
    [
      'a compiler behind npm start',
      'refused needs-toolchain',
      { manifest: { scripts: { start: 'tsc && node dist' } }, cmd: '["npm", "start"]' },
    ],
    ['a loader that compiles', 'refused needs-toolchain', { cmd: '["node", "-r", "ts-node/register", "src/a.ts"]' }],
    ['Node.js that watches', 'refused needs-toolchain', { cmd: '["node", "--watch", "server.js"]' }],
    [
      'the development command of Nest',
      'refused needs-toolchain',
      { manifest: { scripts: { start: 'nest start' } }, cmd: '["npm", "start"]' },
    ],
    ['a browser', 'refused browser', { manifest: { dependencies: { playwright: '1' } } }],
    ['a program that nobody brings', 'refused unknown-tool', { cmd: '["serve-all"]' }],
    [
      'pnpm that starts two commands',
      'refused package-manager-start',
      { install: 'pnpm i', manifest: { scripts: { start: 'node a && node b' } }, cmd: '["pnpm", "start"]' },
    ],
    ['a workspace that is not there', 'refused unknown-workspace', { cmd: '["npm", "start", "-w", "api"]' }],
    [
      'slim, with production dependencies only',
      'refused no-benefit',
      { base: 'node:22-bookworm-slim', install: 'npm ci --omit=dev' },
    ],
    [
      'Alpine, with production dependencies only',
      'refused no-benefit',
      { base: 'node:22-alpine', install: 'npm ci --omit=dev' },
    ],
    [
      'slim, with the settings of yarn that keep the cache elsewhere',
      'refused plug-and-play',
      { install: 'yarn install', files: { '.yarnrc.yml': '' } },
    ],
  ])('%s', (_, expected, project) => {
    expect(outcomeOf(server(project))).toBe(expected);
  });
});

describe('what starts', () => {
  const cmdOf = (project: Project): string | undefined => /^CMD .*$/m.exec(proposed(server(project)).text)?.[0];

  it.each<[string, string]>([
    ['node dist/main.js', 'CMD ["node", "dist/main.js"]'],
    ['PORT=80 node dist/main.js', 'CMD ["node", "dist/main.js"]'],
    ['fastify start app.js', 'CMD ["node_modules/.bin/fastify", "start", "app.js"]'],
  ])('pnpm start: %s', (start, expected) => {
    const project = {
      install: 'pnpm i',
      manifest: { scripts: { start }, dependencies: { fastify: '5' } },
      cmd: '["pnpm", "start"]',
    };
    expect(cmdOf(project)).toBe(expected);
  });

  it('keeps npm start, with what it sets', () => {
    expect(cmdOf({ manifest: { scripts: { start: 'PORT=80 node a' } }, cmd: '["npm", "start"]' })).toBe(
      'CMD ["npm", "start"]',
    );
  });

  it('unwraps cross-env, which goes with the development dependencies', () => {
    const manifest = { scripts: { start: 'cross-env MODE=live node a.js' }, devDependencies: { 'cross-env': '7' } };
    const { text } = proposed(server({ manifest, cmd: '["npm", "start"]' }));
    expect(text).toContain('ENV MODE=live\n');
    expect(text).toContain('CMD ["node", "a.js"]');
    expect(text).toContain('RUN npm prune');
  });

  it('asks for what is made for production where npm start works on sources', () => {
    const manifest = { scripts: { start: 'nest start --watch', 'start:prod': 'node dist/main' } };
    const project = { manifest, cmd: '["npm", "run", "start"]' };
    expect(outcomeOf(server(project))).toBe('asked start-command');
    expect(cmdOf({ ...project, answers: { 'start-command': 'node dist/main' } })).toBe('CMD ["node", "dist/main"]');
    expect(outcomeOf(server({ ...project, answers: { 'start-command': 'nodemon dist/main' } }))).toBe(
      'refused bad-answer',
    );
  });

  it('installs once more what is installed for all, without what only builds', () => {
    const { text } = proposed(
      server({ install: 'npm i -g pm2@5 typescript && npm ci', cmd: '["pm2-runtime", "server.js"]' }),
    );
    expect(text.slice(text.lastIndexOf('FROM'))).toContain('RUN npm install -g pm2@5\n');
  });
});

describe('a program that the file brings', () => {
  it.each([
    ['COPY --chmod=755 start.sh /usr/local/bin/', '["start.sh"]'],
    ['COPY bin/begin /usr/local/bin/', '["begin"]'],
    ['COPY --from=krallin/tini /tini /usr/local/bin/launch', '["launch", "node", "server.js"]'],
    ['RUN ln -s /app/server.js /usr/local/bin/tides', '["tides"]'],
  ])('%s', (line, cmd) => {
    const files = { 'start.sh': '#!/bin/sh\nexec node server.js\n', 'bin/begin': '#!/bin/sh\nexec node server.js\n' };
    expect(outcomeOf(server({ files, then: [line], cmd }))).toBe('converted');
  });
});

describe('the run stage', () => {
  const runStage = (project: Project): string => {
    const { text } = proposed(server(project));
    return text.slice(text.lastIndexOf('\nFROM ') + 1);
  };

  it.each([
    ['node:22-bookworm', 'node:22-bookworm-slim'],
    ['node:22-bookworm-slim', 'node:22-bookworm-slim'],
    ['node:22-alpine', 'node:22-alpine'],
    ['node:22', 'node:22-bookworm-slim'],
  ])('of %s is %s', (base, expected) => {
    expect(runStage({ base }).split('\n')[0]).toBe(`FROM ${expected}`);
  });

  it.each<[string, string, Project]>([
    ['git', 'that the sources start', { files: { 'server.js': "require('child_process').spawn('git', ['log']);" } }],
    [
      'imagemagick',
      'whose program the sources start',
      { files: { 'server.js': "require('child_process').exec('convert a.png b.jpg');" } },
    ],
    ['openssl', 'for Prisma', { manifest: { dependencies: { '@prisma/client': '6' } } }],
    ['ca-certificates', "where the system's are to be used", { then: ['ENV NODE_OPTIONS=--use-openssl-ca'] }],
    [
      'curl',
      'that npm start uses',
      { manifest: { scripts: { start: 'curl -s db && node server.js' } }, cmd: '["npm", "start"]' },
    ],
  ])('installs %s, %s', (name, _, project) => {
    expect(runStage(project)).toMatch(new RegExp(`install -y .*\\b${name}\\b`));
  });

  it('has what is not code unless somebody says otherwise', () => {
    const project = { files: { 'README.md': '#', 'test/a.js': '' } };
    const { text, proposal } = proposed(server(project));
    expect(text).not.toContain('README');
    expect(proposal.options.map(({ key }) => key)).toContain('leave-out');
    expect(proposed(server({ ...project, answers: { 'leave-out': 'yes' } })).text).toContain(
      'RUN rm -rf /app/README.md /app/test\n',
    );
  });

  it('is written by root where somebody else builds', () => {
    const { text } = proposed(
      server({ files: { 'package-lock.json': '"hasInstallScript": true' }, then: ['USER node', 'RUN npm run build'] }),
    );
    const build = text.slice(0, text.lastIndexOf('\nFROM '));
    expect(build).toMatch(/USER root\nRUN \{ find \/app [^]*> \/run-packages\nUSER node\n$/);
  });
});
