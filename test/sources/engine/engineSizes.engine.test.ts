import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { BaseAnswer } from '../../../src/core/base/baseSize.ts';
import { parseReference } from '../../../src/core/base/reference.ts';
import type { Engine } from '../../../src/sources/engine/engine.ts';
import { EngineSizes } from '../../../src/sources/engine/engineSizes.ts';
import { watchImages } from '../../../src/sources/engine/imageEvents.ts';
import {
  buildImage,
  engineFor,
  importImage,
  removeImage,
  send,
  startEngine,
  type TestEngine,
} from '../../helpers/engine.ts';
import { tarOf } from '../../helpers/ociImage.ts';
import { startPodman } from '../../helpers/podman.ts';

const never = new AbortController().signal;

function ask(engine: Engine, text: string, platform = 'linux/amd64'): Promise<BaseAnswer> {
  const parsed = parseReference(text);
  if (!('reference' in parsed)) throw new Error(parsed.problem);
  return new EngineSizes(engine).lookUp(parsed.reference, platform, never);
}

/** Two layers of one file each: what Docker counts (the files), and what Podman counts (the tars). */
const twoLayers = { Docker: 100_000 + 70_000, Podman: 2 * (512 + 1024) + 100_352 + 70_144 };

describe.each([
  ['dockerd', startEngine],
  ['podman', startPodman],
])('%s', (_name, start) => {
  let server: TestEngine;
  let engine: Engine;
  beforeAll(async () => {
    server = await start();
    engine = engineFor(server);
    await buildImage(server, 'plimsoll/two:1', 'FROM scratch\nCOPY a /a\nENV X=1\nCOPY b /b\nCMD ["/a"]\n', {
      a: randomBytes(100_000),
      b: randomBytes(70_000),
    });
  });
  afterAll(async () => {
    engine[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  test('says who it is', async () => {
    const { about } = await engine.connect(never);
    expect(about).toMatchObject({
      product: server.product,
      version: server.version,
      platform: await engine.platform(never),
    });
  });

  test('measures the layers, not the configuration', async () => {
    const platform = (await engine.platform(never))!;
    expect(await ask(engine, 'plimsoll/two:1', platform)).toEqual({
      sizes: { onDisk: { bytes: twoLayers[server.product], basis: 'measured' }, platform },
    });
  });

  test('finds an image by its short name', async () => {
    await buildImage(server, 'plimsoll-short:1', 'FROM scratch\nCOPY a /a\n', { a: 'x'.repeat(5000) });
    expect(await ask(engine, 'plimsoll-short:1')).toHaveProperty('sizes.onDisk.basis', 'measured');
  });

  test('an imported image, whose history is one line', async () => {
    await importImage(server, 'plimsoll-imported:latest', tarOf({ a: 'x'.repeat(5000) }));
    expect(await ask(engine, 'plimsoll-imported')).toHaveProperty('sizes.onDisk.basis', 'measured');
  });

  test('absent', async () => {
    expect(await ask(engine, 'ghcr.io/acme/none:1')).toEqual({
      none: { code: 'absent', message: 'The local engine does not have ghcr.io/acme/none:1.' },
    });
  });

  test('a digest that nobody has', async () => {
    expect(await ask(engine, `plimsoll/two@sha256:${'0'.repeat(64)}`)).toMatchObject({ none: { code: 'absent' } });
  });

  test('another platform', async () => {
    expect(await ask(engine, 'plimsoll/two:1', 'windows/amd64')).toMatchObject({ none: { code: 'platform' } });
  });

  test('tells when an image came or went', async () => {
    const changed = vi.fn();
    using watch = watchImages(engine, changed);
    expect(watch).toBeDefined();
    await engine.connect(never);
    // The engine begins to tell when its stream is open, which nobody hears of.
    await vi.waitFor(
      async () => {
        await buildImage(server, 'plimsoll-event:1', `FROM scratch\nLABEL at=${Date.now()}\n`);
        expect(changed).toHaveBeenCalled();
      },
      { timeout: 10_000, interval: 500 },
    );
    await removeImage(server, 'plimsoll-event:1');
  });
});

test('Podman’s digest references', async () => {
  await using server = await startPodman();
  using engine = engineFor(server);
  await buildImage(server, 'plimsoll/digest:1', 'FROM scratch\nCOPY a /a\n', { a: 'x'.repeat(5000) });
  const described = JSON.parse(await send(server, 'GET', '/images/plimsoll%2Fdigest:1/json')) as {
    RepoDigests: string[];
  };
  const digest = described.RepoDigests[0]!.split('@')[1]!;
  for (const name of [`plimsoll/digest:1@${digest}`, `mirror.example/other@${digest}`]) {
    expect(await ask(engine, name)).toHaveProperty('sizes.onDisk.basis', 'measured');
  }
});

test('an engine that is gone is a state', async () => {
  const server = await startPodman();
  using engine = engineFor(server);
  await engine.connect(never);
  await server[Symbol.asyncDispose]();
  const message = `No engine runs at ${server.socket}.`;
  expect(await ask(engine, 'plimsoll/two:1')).toEqual({ none: { code: 'unavailable', message } });
  expect(engine.state).toEqual({ status: 'none', message });
});
