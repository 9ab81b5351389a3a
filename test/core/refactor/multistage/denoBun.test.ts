import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';

const deno = (run: string, cmd: string): readonly string[] => [
  'FROM denoland/deno:2.3.3',
  'WORKDIR /app',
  'COPY . .',
  `RUN ${run}`,
  `CMD ${cmd}`,
];
const bun = (run: string, cmd: string, tag = '1.2'): readonly string[] => [
  `FROM oven/bun:${tag}`,
  'WORKDIR /app',
  'COPY . .',
  `RUN ${run}`,
  `CMD ${cmd}`,
];
const manifest = (more: object = {}): string =>
  JSON.stringify({ dependencies: { ms: '2' }, devDependencies: { typescript: '5' }, ...more });

describe('Deno', () => {
  it.each([
    ['deno compile -o app main.ts', '["./app"]', '/app/app'],
    ['deno compile --output=/bin/tides --allow-net main.ts', '["tides"]', '/bin/tides'],
    ['deno compile --target x86_64-unknown-linux-gnu --output app main.ts', '["/app/app"]', '/app/app'],
  ])('%s, started by %s', (run, cmd, path) => {
    const { text, proposal } = proposed({ lines: deno(run, cmd), files: { 'main.ts': '' } });
    expect(proposal.runBase).toBe('gcr.io/distroless/cc-debian12');
    expect(text).toContain(`COPY --from=build ${path} ${path}\n`);
  });

  it('has the files along that the program opens, and a shell where one is needed', () => {
    const files = { 'main.ts': "Deno.readTextFileSync('tides.json')", 'tides.json': '{}' };
    const { text, proposal } = proposed({ lines: deno('deno compile -o app main.ts', './app $PLACE'), files });
    expect(text).toContain('COPY --from=build /app/tides.json /app/tides.json\n');
    expect(proposal.runBase).toBe('debian:bookworm-slim');
  });

  it.each([
    ['deno cache main.ts', '["deno", "run", "main.ts"]', 'refused no-benefit'],
    ['deno cache main.ts', '["run", "--allow-net", "main.ts"]', 'refused no-benefit'],
    ['deno cache main.ts', '["deno", "run", "--watch", "main.ts"]', 'refused needs-toolchain'],
    ['deno cache main.ts', '["deno", "task", "dev"]', 'refused needs-toolchain'],
    ['deno compile main.ts', '["./main"]', 'refused no-artefact'],
    ['deno compile --target x86_64-pc-windows-msvc -o app main.ts', '["./app"]', 'refused no-artefact'],
  ])('%s, started by %s: %s', (run, cmd, expected) => {
    expect(outcomeOf({ lines: deno(run, cmd), files: { 'main.ts': '' } })).toBe(expected);
  });
});

describe('Bun', () => {
  it.each(['bun build --compile --outfile=tides main.ts', 'bun build ./main.ts --compile --minify --outfile tides'])(
    '%s',
    (run) => {
      const { text, proposal } = proposed({ lines: bun(run, '["./tides"]'), files: { 'main.ts': '' } });
      expect(proposal.runBase).toBe('gcr.io/distroless/base-nossl-debian12');
      expect(text).toContain('COPY --from=build /app/tides /app/tides\n');
    },
  );

  it('takes the slim variant, and installs again without development dependencies', () => {
    const files = { 'package.json': manifest(), 'bun.lock': '{}', 'main.ts': '' };
    const { text, proposal } = proposed({ lines: bun('bun install', '["bun", "main.ts"]'), files });
    expect(proposal.runBase).toBe('oven/bun:1.2-slim');
    expect(text).toContain('RUN rm -rf node_modules && bun install --production --frozen-lockfile\n');
  });

  it('does not install again where a script would miss them', () => {
    const files = { 'package.json': manifest({ scripts: { prepare: 'husky' } }), 'main.ts': '' };
    expect(proposed({ lines: bun('bun install', '["bun", "main.ts"]'), files }).text).not.toContain('--production');
  });

  it.each([
    ['bun install', '["bun", "--hot", "main.ts"]', '1.2', 'refused needs-toolchain'],
    ['bun install', '["bun", "--watch", "run", "main.ts"]', '1.2', 'refused needs-toolchain'],
    ['bun install --production', '["bun", "main.ts"]', '1.2-slim', 'refused no-benefit'],
    ['bun build --compile --outfile=tides main.ts', '["./tides"]', '1.2-alpine', 'refused alpine-executable'],
    ['bun build --compile main.ts', '["./tides"]', '1.2', 'refused no-artefact'],
  ])('%s, started by %s, on %s: %s', (run, cmd, tag, expected) => {
    expect(outcomeOf({ lines: bun(run, cmd, tag), files: { 'package.json': manifest(), 'main.ts': '' } })).toBe(
      expected,
    );
  });
});
