import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../../src/sources/engine/engine.ts';
import { parseEndpoint } from '../../../src/sources/engine/endpoint.ts';
import { sshArguments } from '../../../src/sources/engine/sshAgent.ts';
import { bareMachine, startFakeEngine } from '../../helpers/fakeEngine.ts';

const never = new AbortController().signal;

test.each([
  ['ssh://build.example', ['--', 'build.example']],
  ['ssh://ada@build.example:2222', ['-l', 'ada', '-p', '2222', '--', 'build.example']],
])('%s', (text, expected) => {
  const endpoint = parseEndpoint(text);
  if (endpoint?.transport !== 'ssh') throw new Error('not ssh');
  const all = sshArguments(endpoint);
  expect(all.slice(0, 5)).toEqual(['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T']);
  expect(all.slice(5)).toEqual([...expected, 'docker', 'system', 'dial-stdio']);
});

/** A folder with a program `ssh` that is this script. */
async function withSsh(script: string): Promise<{ env: Record<string, string>; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-ssh-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'ssh'), `#!${process.execPath}\n${script}`);
  await chmod(join(folder, 'ssh'), 0o755);
  return { env: { PATH: `${folder}${delimiter}${process.env.PATH ?? ''}` }, folder };
}

function engineOver(env: Record<string, string>): Engine {
  const engine = new Engine({ surroundings: bareMachine(env), choice: { host: 'ssh://ada@build.example' } });
  onTestFinished(() => engine[Symbol.dispose]());
  return engine;
}

test('an engine behind ssh answers', async () => {
  await using server = await startFakeEngine({ '/images/app/json': { Id: 'sha256:aa' } });
  const { env, folder } = await withSsh(`
    require('fs').appendFileSync(__dirname + '/asked', process.argv.slice(2).join(' ') + '\\n');
    const socket = require('net').connect(${JSON.stringify(server.socket)});
    process.stdin.pipe(socket).pipe(process.stdout);
  `);
  const connection = await engineOver(env).connect(never);
  expect((await connection.inspect('app', never)).Id).toBe('sha256:aa');
  expect(server.asked).toEqual(['/version', '/images/app/json']);
  const asked = (await readFile(join(folder, 'asked'), 'utf8')).trim().split('\n');
  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain('-l ada -- build.example docker system dial-stdio');
});

test('what ssh complains about is the reason', async () => {
  const { env } = await withSsh(`
    console.error('Warning: whatever');
    console.error('ada@build.example: Permission denied (publickey).');
    process.exitCode = 255;
  `);
  await expect(engineOver(env).connect(never)).rejects.toMatchObject({
    code: 'network',
    message:
      'The engine at ssh://build.example cannot be reached: ssh: ada@build.example: Permission denied (publickey).',
  });
});

test('no ssh', async () => {
  await expect(engineOver({ PATH: '/nonexistent' }).connect(never)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'The engine at ssh://build.example is reached through the program ssh, which is not installed.',
  });
});
