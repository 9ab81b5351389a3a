import { expect, test } from 'vitest';
import { RegistryImages } from '../../../src/sources/registry/images.ts';
import { pushImage, startRegistry } from '../../helpers/registry.ts';
import { memoryRegistryCache, testClient } from '../../helpers/scriptedRegistry.ts';

const never = new AbortController().signal;

test('an image is resolved and its layers are streamed, side by side, behind a token server', async () => {
  await using registry = await startRegistry({ auth: 'token' });
  const { username, password } = registry;
  using client = testClient({
    credentials: { find: () => Promise.resolve({ credential: { kind: 'password', username, password } }) },
  });
  const pushed = await pushImage(registry, 'acme/app:1', {
    platforms: [
      { platform: 'linux/arm64', layers: [] },
      { layers: [{ randomBytes: 3_000_000 }, { randomBytes: 50_000, compression: 'zstd' }, { files: { a: 'b' } }] },
    ],
  });
  const made = pushed.images[1]!;
  const reference = { domain: registry.host, path: 'acme/app', tag: '1' };
  const images = new RegistryImages(client, memoryRegistryCache());
  const image = await images.resolve(reference, 'linux/amd64', never);
  expect(image).toMatchObject({
    digest: pushed.digest,
    manifestDigest: made.manifest.digest,
    platform: 'linux/amd64',
    manifest: { kind: 'image', layers: made.layers.map(({ digest }) => ({ digest })) },
  });
  const config = await images.config(reference, image.manifest, never);
  expect(Buffer.from(config).equals(made.config.bytes)).toBe(true);
  const contents = await Promise.all(
    image.manifest.layers.map(async (layer) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of images.openBlob(reference, layer, never)) chunks.push(chunk);
      return Buffer.concat(chunks);
    }),
  );
  for (const [index, content] of contents.entries()) {
    expect(content.equals(made.layers[index]!.bytes)).toBe(true);
  }
  expect(registry.tokens!.asked).toHaveLength(1 + 1); // One to push, one to pull.
});
