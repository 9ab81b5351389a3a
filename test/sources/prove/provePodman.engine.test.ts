import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { indexInProcess } from '../../../src/sources/image/inProcess.ts';
import { prove, type ProveSide } from '../../../src/sources/prove/prove.ts';
import { compiled, hello } from '../../helpers/compiled.ts';
import { engineFor, send } from '../../helpers/engine.ts';
import { startPodman } from '../../helpers/podman.ts';
import { temporaryFolder } from '../../helpers/temporaryFolder.ts';

// Podman sets limits of processes that this machine may not grant, so nothing is started here.
it.each([
  ['its own client', process.env, 'podman'],
  ['the engine’s builder', { ...process.env, PATH: '/nonexistent' }, 'engine'],
])('Podman builds by %s, proves, and keeps nothing', async (_, env, builder) => {
  await using server = await startPodman();
  await using folder = await temporaryFolder();
  const static_ = await compiled(hello, { flags: ['-static'] });
  await writeFile(path.join(folder.path, 'hello'), static_, { mode: 0o755 });
  using engine = engineFor(server);
  const sideOf = (name: string, dockerfile: string): ProveSide => ({ name, dockerfile, context: folder.path });
  const before = 'FROM scratch\nCOPY hello /app\nENV A=1\nCMD ["/app"]\n';
  const log: string[] = [];
  {
    await using proof = await prove(
      engine,
      { before: sideOf('before', before), after: sideOf('after', before.replace('A=1', 'A=2')) },
      {
        indexing: indexInProcess(),
        env,
        log: (line) => log.push(line),
        step: () => undefined,
        signal: new AbortController().signal,
      },
    );
    expect(proof.report, log.join('\n')).toMatchObject({
      verdict: 'differs',
      builder,
      reasons: ['The variable A is "2" instead of "1".'],
    });
    expect(proof.report.after.image?.start).toMatchObject({ problems: [], needs: { kind: 'static' } });
  }
  expect(JSON.parse(await send(server, 'GET', '/images/json?all=true'))).toEqual([]);
  expect(JSON.parse(await send(server, 'GET', '/containers/json?all=true'))).toEqual([]);
});
