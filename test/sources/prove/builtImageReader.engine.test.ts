import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Engine } from '../../../src/sources/engine/engine.ts';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { BuiltImageReader } from '../../../src/sources/prove/builtImageReader.ts';
import { compiled, hello } from '../../helpers/compiled.ts';
import { engineFor, importImage, send, startEngine, type TestEngine } from '../../helpers/engine.ts';
import { tar } from '../../helpers/tar.ts';

let server: TestEngine;
let engine: Engine;
let program: Uint8Array;
beforeAll(async () => {
  server = await startEngine();
  engine = engineFor(server);
  program = await compiled(hello, { flags: ['-static'] });
  await importImage(
    server,
    'app:1',
    tar([
      { name: 'usr/bin/app', content: program, mode: 0o755 },
      { name: 'usr/share/app/a', content: 1000 },
      { name: 'usr/share/app/b/c', content: 500 },
      { name: 'usr/share/app/d', type: '1', link: 'usr/share/app/a' },
      { name: 'bin', type: '2', link: 'usr/bin' },
      { name: 'loop', type: '2', link: 'loop' },
    ]),
  );
}, 120_000);
afterAll(async () => {
  engine[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

const forever = new AbortController().signal;

it('what is at and below paths, links followed; once for each image, and nothing is left in the engine', async () => {
  const { Id: id } = JSON.parse(await send(server, 'GET', '/images/app:1/json')) as { Id: string };
  const reader = new BuiltImageReader({ indexing: indexInProcess() });
  expect(reader.known(id)).toBeUndefined();
  const evidence = await reader.read(engine, id, forever);
  expect(
    ['/usr/bin/app', '/bin/app', '/usr/share/app', '/usr/share/app/', '/usr/share/app/b', '/nowhere', '/loop'].map(
      (at) => evidence?.bytesAt(at),
    ),
  ).toEqual([program.length, program.length, 1500, 1500, 500, undefined, undefined]);
  // The image says no command, so nobody knows what it starts.
  expect(evidence?.needs.kind).toBe('unknown');
  expect(reader.known(id)).toBe(evidence);
  expect(await reader.read(engine, id, forever)).toBe(evidence);
  expect(JSON.parse(await send(server, 'GET', '/containers/json?all=true'))).toEqual([]);
});
