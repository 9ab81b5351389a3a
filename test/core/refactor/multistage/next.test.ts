import { describe, expect, it } from 'vitest';
import { type Conversion, outcomeOf, proposed } from '../../../helpers/conversion.ts';

interface Site {
  readonly cmd?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly then?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly standalone?: string;
}

function site({ cmd = '["npm", "start"]', scripts, then = [], files, standalone }: Site): Conversion {
  const manifest = {
    scripts: { build: 'next build', start: 'next start', ...scripts },
    dependencies: { next: '15', react: '19' },
    devDependencies: { typescript: '5' },
  };
  return {
    lines: [
      'FROM node:22-bookworm',
      'WORKDIR /app',
      'COPY . .',
      'RUN npm ci',
      'RUN npm run build',
      ...then,
      `CMD ${cmd}`,
    ],
    files: { 'package.json': JSON.stringify(manifest), 'package-lock.json': '{}', 'public/a.txt': '', ...files },
    answers: standalone === undefined ? {} : { 'next-standalone': standalone },
  };
}

const runStageOf = (one: Site): string => {
  const { text } = proposed(site(one));
  return text.slice(text.lastIndexOf('\nFROM ') + 1);
};

describe('next start', () => {
  it('goes along with the whole application, without what only the next build uses', () => {
    const { text, proposal } = proposed(site({}));
    expect(text).toContain('RUN npm prune --omit=dev --ignore-scripts\nRUN rm -rf /app/.next/cache/webpack ');
    expect(text).toContain('COPY --from=build /app /app\n');
    expect(proposal.options.map(({ key }) => key)).toContain('next-standalone');
  });

  it('keeps the compiler that its settings are read with', () => {
    expect(proposed(site({ files: { 'next.config.ts': '' } })).text).not.toContain('npm prune');
  });

  it('keeps what its settings load', () => {
    expect(proposed(site({ files: { 'next.config.mjs': "import 'typescript';" } })).text).not.toContain('npm prune');
  });

  it.each([
    ['next start', ['ENV HOSTNAME=0.0.0.0']],
    ['next start -p 8080', ['ENV HOSTNAME=0.0.0.0', 'ENV PORT=8080']],
    ['next start --port 8080 -H 127.0.0.1', ['ENV HOSTNAME=127.0.0.1', 'ENV PORT=8080']],
    ['PORT=81 next start', ['ENV HOSTNAME=0.0.0.0', 'ENV PORT=81']],
  ])('%s, gathered', (start, settings) => {
    const one = { scripts: { start }, standalone: 'yes' };
    expect(proposed(site(one)).text).toContain('ENV NEXT_PRIVATE_STANDALONE=1\nRUN npm run build\n');
    const stage = runStageOf(one);
    expect(stage.match(/^ENV .*$/gm)).toEqual(settings);
    expect(stage.match(/^COPY .*$/gm)).toEqual([
      'COPY --from=build /app/.next/standalone/ /app',
      'COPY --from=build /app/.next/static /app/.next/static',
      'COPY --from=build /app/public /app/public',
    ]);
    expect(stage).toContain('CMD ["node", "server.js"]');
  });

  it.each<[string, Site]>([
    [
      'with an option that the gathered server does not know',
      { scripts: { start: 'next start --keepAliveTimeout 5' } },
    ],
    ['beside another program', { scripts: { start: 'node migrate && next start' } }],
    ['with a health check that may need the application', { then: ['HEALTHCHECK CMD ["node", "check.js"]'] }],
  ])('is not offered to be gathered %s', (_, one) => {
    expect(proposed(site(one)).proposal.options.map(({ key }) => key)).not.toContain('next-standalone');
  });
});

describe('what is gathered already', () => {
  it.each<[string, Site]>([
    ['by its path', { cmd: '["node", ".next/standalone/server.js"]' }],
    ['from its folder', { then: ['WORKDIR /app/.next/standalone'], cmd: '["node", "server.js"]' }],
  ])('goes along alone, started %s', (_, one) => {
    expect(runStageOf(one).match(/^COPY .*$/gm)).toEqual([
      'COPY --from=build /app/.next/standalone /app/.next/standalone',
    ]);
  });

  it('goes along with the application where the health check is a file of that', () => {
    const one = { cmd: '["node", ".next/standalone/server.js"]', then: ['HEALTHCHECK CMD ["node", "check.js"]'] };
    expect(runStageOf(one)).toContain('COPY --from=build /app /app\n');
  });
});

it.each(['next dev', 'next build && next start'])('%s needs its tools', (start) => {
  expect(outcomeOf(site({ scripts: { start } }))).toBe('refused needs-toolchain');
});
