import { describe, expect, it } from 'vitest';
import { type Conversion, outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

interface Site {
  readonly cmd: string;
  readonly files?: Files;
  readonly manifest?: object;
  readonly then?: readonly string[];
  readonly expose?: string;
  readonly answers?: Readonly<Record<string, string>>;
}

function site({ cmd, files = {}, manifest = {}, then = ['RUN npm run build'], expose, answers }: Site): Conversion {
  return {
    lines: [
      'FROM node:22-bookworm',
      'WORKDIR /site',
      'COPY . .',
      'RUN npm ci',
      ...then,
      ...(expose === undefined ? [] : [`EXPOSE ${expose}`]),
      `CMD ${cmd}`,
    ],
    files: { 'package.json': JSON.stringify({ scripts: { build: 'vite build' }, ...manifest }), ...files },
    answers: { 'production-build': 'yes', ...answers },
  };
}

/** What nginx is told. */
function settingsOf(one: Site): string {
  return /^RUN echo '(.*)' > \/tmp\/run-nginx\.conf$/m.exec(proposed(site(one)).text)![1]!;
}

describe('the port and the folder of', () => {
  it.each([
    ['["npx", "serve", "dist"]', '3000', '/site/dist'],
    ['["npx", "serve", "-s", "build", "-l", "5000"]', '5000', '/site/build'],
    ['["npx", "serve", "-l", "tcp://0.0.0.0:5000", "build"]', '5000', '/site/build'],
    ['["npx", "http-server", "dist", "-p", "80"]', '80', '/site/dist'],
    ['["npx", "http-server", "./dist", "--port=81", "-c-1"]', '81', '/site/dist'],
    ['["python3", "-m", "http.server", "9000", "-d", "public"]', '9000', '/site/public'],
    ['["python3", "-m", "http.server", "--directory=public"]', '8000', '/site/public'],
    ['["npx", "vite", "preview", "--port", "4000", "--host"]', '4000', '/site/dist'],
    ['["npx", "gatsby", "serve", "-p", "9001"]', '9001', '/site/public'],
    ['["npx", "vue-cli-service", "serve", "--port", "8081"]', '8081', '/site/dist'],
    ['["npx", "eleventy", "--serve", "--port=8082"]', '8082', '/site/_site'],
    ['["npx", "docusaurus", "serve", "--port", "3001"]', '3001', '/site/build'],
    ['["mkdocs", "serve", "-a", "0.0.0.0:8001"]', '8001', '/site/site'],
    ['["mdbook", "serve", "-n", "0.0.0.0", "-p", "3002"]', '3002', '/site/book'],
    ['["bundle", "exec", "jekyll", "serve", "-P", "4001"]', '4001', '/site/_site'],
  ])('%s', (cmd, port, root) => {
    const settings = settingsOf({ cmd });
    expect(settings).toContain(`listen ${port};`);
    expect(settings).toContain(`root ${root};`);
  });

  it.each<[string, string, Site]>([
    [
      'what Vite is told',
      '/site/out',
      {
        cmd: '["npx", "vite", "preview", "--port", "1"]',
        files: { 'vite.config.js': "export default { build: { outDir: 'out' } }" },
      },
    ],
    [
      'what the build script is told',
      '/site/web',
      { cmd: '["npx", "vite", "preview", "--port", "1"]', manifest: { scripts: { build: 'vite build --outDir web' } } },
    ],
    [
      'the settings of Jekyll',
      '/site/web',
      { cmd: '["jekyll", "serve"]', files: { '_config.yml': 'destination: web\n' } },
    ],
    [
      'the settings of MkDocs',
      '/site/web',
      { cmd: '["mkdocs", "serve", "-a", ":1"]', files: { 'mkdocs.yml': 'site_dir: web\n' }, expose: '1' },
    ],
    [
      'Create React App',
      '/site/build',
      {
        cmd: '["npx", "react-scripts", "start"]',
        manifest: { dependencies: { 'react-scripts': '5' } },
        expose: '3000',
      },
    ],
  ])('%s', (_, root, one) => {
    expect(settingsOf({ expose: '4000', ...one, answers: { port: '4000' } })).toContain(`root ${root};`);
  });

  it.each([
    ['application', '/site/dist/tides/browser'],
    ['browser', '/site/dist/tides'],
  ])('the builder of Angular for an %s', (builder, root) => {
    const build = { builder: `@angular-devkit/build-angular:${builder}`, options: { outputPath: 'dist/tides' } };
    const files = { 'angular.json': JSON.stringify({ projects: { tides: { architect: { build } } } }) };
    const manifest = { dependencies: { '@angular/core': '19' } };
    expect(settingsOf({ cmd: '["npx", "ng", "serve"]', files, manifest, expose: '4200' })).toContain(`root ${root};`);
  });
});

describe('the port is asked for', () => {
  it.each<[string, string, Site]>([
    ['converted', 'not where EXPOSE agrees', { cmd: '["npx", "serve", "dist"]', expose: '3000' }],
    ['converted', 'not where only the command says it', { cmd: '["npx", "serve", "dist", "-l", "80"]' }],
    ['converted', 'not where a server of files has its usual one', { cmd: '["npx", "serve", "dist"]' }],
    ['asked port', 'where EXPOSE says another one', { cmd: '["npx", "serve", "dist"]', expose: '80' }],
    ['asked port', 'where the command says another one', { cmd: '["npx", "serve", "dist", "-l", "81"]', expose: '80' }],
    ['asked port', 'where the settings of a tool may say one', { cmd: '["npx", "vite", "preview"]' }],
  ])('%s: %s', (expected, _, one) => {
    expect(outcomeOf(site(one))).toBe(expected);
  });

  it.each(['eighty', '0', '70000', '80; return 200'])('%s is no answer', (port) => {
    expect(outcomeOf(site({ cmd: '["npx", "serve", "dist"]', expose: '80', answers: { port } }))).toBe(
      'refused bad-answer',
    );
  });
});

describe('what is refused', () => {
  it.each<[string, Site]>([
    ['server-options', { cmd: '["npx", "http-server", "dist", "-P", "http://api"]' }],
    ['server-options', { cmd: '["npx", "serve", "dist", "--cors"]' }],
    ['server-options', { cmd: '["npx", "vite", "--port", "1", "--mode", "staging"]' }],
    ['server-options', { cmd: '["mkdocs", "serve", "-f", "other.yml"]' }],
    ['server-options', { cmd: '["npx", "serve", "dist"]', files: { 'public/serve.json': '{}' } }],
    [
      'development-proxy',
      { cmd: '["npx", "vite", "--port", "1"]', files: { 'vite.config.ts': "server: { proxy: { '/api': 'x' } }" } },
    ],
    ['development-proxy', { cmd: '["npx", "react-scripts", "start"]', manifest: { proxy: 'http://api' } }],
    ['development-proxy', { cmd: '["npx", "react-scripts", "start"]', files: { 'src/setupProxy.js': '' } }],
    [
      'base-path',
      { cmd: '["npx", "vite", "--port", "1"]', files: { 'vite.config.ts': "export default { base: '/a/' }" } },
    ],
    ['base-path', { cmd: '["npx", "react-scripts", "start"]', manifest: { homepage: 'https://example.org/a' } }],
    ['base-path', { cmd: '["mkdocs", "serve"]', files: { 'mkdocs.yml': 'site_url: https://example.org/a/\n' } }],
    ['base-path', { cmd: '["jekyll", "serve"]', files: { '_config.yml': 'baseurl: "/a"\n' } }],
    ['server-user', { cmd: '["npx", "serve", "dist", "-l", "80"]', then: ['USER node'] }],
    ['no-run-base', { cmd: '["npx", "serve", "dist"]', then: ['HEALTHCHECK CMD ["node", "check.js"]'] }],
  ])('%s', (code, one) => {
    expect(outcomeOf(site(one))).toBe(`refused ${code}`);
  });

  it('not for what only a development server reads, where the built site is served', () => {
    const manifest = { proxy: 'http://api', homepage: '/a' };
    expect(outcomeOf(site({ cmd: '["npx", "serve", "dist"]', manifest }))).toBe('converted');
  });
});

describe('the server', () => {
  it.each([
    ['["npx", "serve", "-s", "dist"]', 'try_files $uri $uri/ /index.html;'],
    ['["npx", "serve", "dist"]', 'try_files $uri $uri/ $uri.html =404;'],
    ['["python3", "-m", "http.server", "-d", "dist"]', 'try_files $uri $uri/ =404;'],
  ])('%s answers what is not there by %s', (cmd, expected) => {
    expect(settingsOf({ cmd })).toContain(expected);
  });

  it('does not name its port when it sends to a folder', () => {
    expect(settingsOf({ cmd: '["npx", "serve", "dist"]' })).toContain('absolute_redirect off;');
  });

  it('listens on IPv6 for a health check that asks for localhost', () => {
    const then = ['RUN npm run build', 'HEALTHCHECK CMD wget -q -O- http://localhost:3000/ || exit 1'];
    expect(settingsOf({ cmd: '["npx", "serve", "dist"]', then })).toContain('listen [::]:3000;');
    expect(settingsOf({ cmd: '["npx", "serve", "dist"]' })).not.toContain('[::]');
  });

  it('is one that starts as a user where the old one did, with the users of its own image', () => {
    const one = { cmd: '["npx", "serve", "dist"]', then: ['RUN npm run build', 'RUN useradd web', 'USER web'] };
    const { text, proposal } = proposed(site(one));
    expect(proposal.runBase).toMatch(/^nginxinc\/nginx-unprivileged:.*-alpine-slim$/);
    expect(text.slice(text.lastIndexOf('\nFROM'))).not.toMatch(/passwd|USER/);
  });
});

describe('what a development server did', () => {
  it('is built once, with the values that were read when it started', () => {
    const one = {
      cmd: '["npx", "vite", "--host"]',
      then: ['ENV NODE_ENV=development'],
      expose: '5173',
      files: { 'main.js': 'import.meta.env.VITE_API + import.meta.env.VITE_KNOWN', '.env': 'VITE_KNOWN=1\n' },
    };
    expect(outcomeOf(site(one))).toBe('asked vite-api');
    expect(proposed(site({ ...one, answers: { 'vite-api': 'https://a/$b' } })).text).toContain(
      'ENV VITE_API="https://a/\\$b"\nRUN NODE_ENV=production npm run build\n',
    );
  });

  it('is not built again', () => {
    const { text } = proposed(
      site({ cmd: '["npx", "vite", "--port", "80"]', files: { 'main.js': 'import.meta.env.VITE_API' } }),
    );
    expect(text.match(/npm run build/g)).toHaveLength(1);
  });

  it.each([
    ['["bundle", "exec", "jekyll", "serve"]', 'bundle exec jekyll build'],
    ['["jekyll", "serve"]', 'jekyll build'],
    ['["python", "-m", "mkdocs", "serve"]', 'python -m mkdocs build'],
    ['["poetry", "run", "mkdocs", "serve"]', 'poetry run mkdocs build'],
    ['["npx", "vite"]', 'npx vite build'],
    ['["npx", "@11ty/eleventy", "--serve"]', 'npx eleventy'],
    ['["sphinx-autobuild", "docs", "out"]', 'sphinx-build docs out'],
  ])('%s is built by %s', (cmd, command) => {
    const one = { cmd, then: [], manifest: { scripts: {} }, answers: { port: '80' } };
    expect(proposed(site(one)).text).toContain(`\nRUN ${command}\n`);
  });

  it('of Hugo needs an address', () => {
    const lines = [
      'FROM debian:trixie',
      'RUN apt-get update && apt-get install -y hugo',
      'WORKDIR /site',
      'COPY . .',
      'CMD ["hugo", "server", "-p", "80"]',
    ];
    const files = { 'hugo.toml': '' };
    expect(outcomeOf({ lines, files })).toBe('asked base-url, production-build');
    const answers = { 'production-build': 'yes', 'base-url': 'https://example.org/' };
    expect(proposed({ lines, files, answers }).text).toContain('RUN hugo --baseURL https://example.org/\n');
    expect(outcomeOf({ lines, files, answers: { ...answers, 'base-url': '/; rm -rf /' } })).toBe('refused bad-answer');
  });
});
