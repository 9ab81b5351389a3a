import { expect, it } from 'vitest';
import { type Conversion, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

function site(
  cmd: string,
  files: Files = {},
  { more = [] as readonly string[], depends = {}, start = '' } = {},
): Conversion {
  const manifest = {
    scripts: { build: 'nuxt build', start: start || 'node .output/server/index.mjs' },
    dependencies: { nuxt: '4', ...depends },
  };
  return {
    lines: ['FROM node:22-bookworm', 'WORKDIR /app', 'COPY . .', 'RUN npm ci && npm run build', ...more, `CMD ${cmd}`],
    files: { 'package.json': JSON.stringify(manifest), 'package-lock.json': '{}', ...files },
  };
}

const direct = '["node", ".output/server/index.mjs"]';

/** What is copied from the build stage. */
function copied(conversion: Conversion): readonly string[] {
  return [...proposed(conversion).text.matchAll(/^COPY --from=build (\S+) /gm)].map(([, path]) => path!);
}

it.each<[string, Conversion, readonly string[]]>([
  ['the server itself', site(direct), ['/app/.output']],
  [
    'the server in its folder',
    site('["node", "server/index.mjs"]', {}, { more: ['WORKDIR /app/.output'] }),
    ['/app/.output'],
  ],
  ['a script', site('["npm", "start"]'), ['/app/.output']],
  [
    'a script that does more',
    site('["npm", "start"]', {}, { start: 'node a.mjs && node .output/server/index.mjs' }),
    ['/app'],
  ],
  ['a script with settings', site('["npm", "start"]', {}, { start: 'PORT=1 node .output/server/index.mjs' }), ['/app']],
  ['another server', site('["node", "server.mjs"]'), ['/app']],
  ['one of both', site(direct, {}, { more: ['HEALTHCHECK CMD node check.mjs'] }), ['/app']],
  [
    'a file that a route opens',
    site(direct, { 'server/api/a.ts': "open('data/a.json')", 'data/a.json': '' }),
    ['/app/.output', '/app/data'],
  ],
  ['a file that a page names', site(direct, { 'pages/a.vue': "'data/a.json'", 'data/a.json': '' }), ['/app/.output']],
  [
    'packages that are left outside',
    site(direct, { 'nuxt.config.ts': 'nitro: { externals: { trace: false } }' }),
    ['/app'],
  ],
  ['another way to run', site(direct, { 'nuxt.config.ts': "nitro: { preset: 'aws' }" }), ['/app']],
  ['an engine of Prisma', site(direct, {}, { depends: { '@prisma/client': '6' } }), ['/app']],
  ['what is compiled for the machine', site(direct, {}, { depends: { 'better-sqlite3': '12' } }), ['/app']],
])('%s', (_title, conversion, paths) => expect(copied(conversion)).toEqual(paths));

it('a script is started without npm', () => {
  const { text, proposal } = proposed(site('["npm", "start"]'));
  expect(text).toContain('CMD ["node",".output/server/index.mjs"]'.replace(',', ', '));
  expect(proposal.notes.map((note) => note.text)).toContain(
    'CMD is `node .output/server/index.mjs`, which the script starts.',
  );
});
