import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceError } from '../../../src/sources/error.ts';
import { decodeManifest, platformOfConfig } from '../../../src/sources/registry/manifest.ts';
import { makeImage, makeIndex } from '../../helpers/ociImage.ts';

const image = makeImage({ layers: [{ files: { a: 'b' }, annotations: { key: 'value' } }] });
const docker = makeImage({ types: 'docker', layers: [{ files: { a: 'b' } }] });

function decode(value: unknown) {
  return decodeManifest(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'acme/app:1');
}

function parsed(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
}

test.each([image, docker])('an image: $manifest.mediaType', (made) => {
  const manifest = decodeManifest(made.manifest.bytes, 'x');
  expect(manifest).toMatchObject({
    kind: 'image',
    config: { digest: made.config.digest },
    layers: [{ digest: made.layers[0]!.digest, size: made.layers[0]!.bytes.length }],
  });
});

test('an index', () => {
  expect(decodeManifest(makeIndex([image]).bytes, 'x')).toMatchObject({
    kind: 'index',
    manifests: [{ digest: image.manifest.digest, platform: { os: 'linux', architecture: 'amd64' } }],
  });
});

test('what is optional may be missing, null or broken', () => {
  const { config } = parsed(image.manifest.bytes) as { config: object };
  const bare = { digest: image.layers[0]!.digest, size: 1, annotations: null, platform: 'linux' };
  expect(decode({ config, layers: [bare] })).toMatchObject({ layers: [{ mediaType: '', annotations: {} }] });
  expect(decode({ config, layers: null })).toMatchObject({ layers: [] });
  expect(decode({ manifests: null })).toEqual({ kind: 'index', manifests: [] });
});

const good = parsed(image.manifest.bytes) as { config: object; layers: object[] };

/** Manifests that are refused, with the code and a word of the sentence. */
const refused: Record<string, [value: unknown, code: string, message: RegExp]> = {
  HTML: ['  <!doctype html>', 'invalid', /is HTML/],
  'no JSON': ['oops', 'invalid', /is no JSON/],
  'an empty body': ['', 'invalid', /is no JSON/],
  'an array': [[], 'invalid', /not a valid one/],
  null: [null, 'invalid', /not a valid one/],
  'schema 1': [{ schemaVersion: 1 }, 'unsupported', /old schema 1/],
  'an index and an image at once': [{ ...good, manifests: [] }, 'invalid', /at once/],
  'a negative size': [{ ...good, layers: [{ ...good.layers[0], size: -1 }] }, 'invalid', /not a valid one/],
  'a size beyond all': [{ ...good, layers: [{ ...good.layers[0], size: 2 ** 62 }] }, 'invalid', /not a valid one/],
  'a digest with a path': [
    { ...good, config: { ...good.config, digest: 'sha256:../../x' } },
    'invalid',
    /not a valid one/,
  ],
  'a million layers': [{ ...good, layers: Array(1001).fill(good.layers[0]) }, 'invalid', /not a valid one/],
  'a Helm chart': [
    { ...good, config: { ...good.config, mediaType: 'application/vnd.cncf.helm.config.v1+json' } },
    'unsupported',
    /not an image but application\/vnd.cncf.helm/,
  ],
};

test.each(Object.entries(refused))('refused: %s', (_, [value, code, message]) => {
  expect(() => decode(value)).toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(message) as string }),
  );
});

test('arbitrary JSON and arbitrary bytes: decoded, or a SourceError', () => {
  const check = (bytes: Uint8Array) => {
    for (const call of [decodeManifest, platformOfConfig]) {
      try {
        call(bytes, 'x');
      } catch (error) {
        expect(error).toBeInstanceOf(SourceError);
      }
    }
  };
  const field = fc.oneof(fc.jsonValue(), fc.constant([good.config]), fc.constant(good.config));
  fc.assert(fc.property(fc.uint8Array(), check));
  fc.assert(
    fc.property(
      fc.record({ schemaVersion: field, config: field, layers: field, manifests: field }, { requiredKeys: [] }),
      (json) => check(Buffer.from(JSON.stringify(json))),
    ),
  );
});

test.each([
  [
    { os: 'linux', architecture: 'arm', variant: 'v6' },
    { os: 'linux', architecture: 'arm', variant: 'v6' },
  ],
  [
    { os: 'windows', architecture: 'amd64' },
    { os: 'windows', architecture: 'amd64' },
  ],
  [{}, { os: 'linux', architecture: 'amd64' }],
])('the platform of config %j', (config, platform) => {
  expect(platformOfConfig(Buffer.from(JSON.stringify(config)), 'x')).toEqual(platform);
});
