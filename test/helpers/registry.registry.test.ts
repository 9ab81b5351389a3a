import { expect, test } from 'vitest';
import { pushImage, startRegistry } from './registry.ts';

test.each(['none', 'htpasswd', 'token'] as const)(
  'a real registry with auth %s takes and gives images',
  async (auth) => {
    await using registry = await startRegistry({ auth });
    const pushed = await pushImage(registry, 'public/app:1', {
      attested: true,
      platforms: [
        { layers: [{ files: { 'etc/x': 'hello' } }, { randomBytes: 5000, compression: 'zstd' }] },
        { platform: 'linux/arm64', types: 'docker', layers: [{ files: { a: 'b' }, compression: 'estargz' }] },
      ],
    });
    expect(registry.requests).toEqual([]);
    const response = await fetch(`http://${registry.host}/v2/public/app/manifests/1`, {
      method: 'HEAD',
      headers: { accept: 'application/vnd.oci.image.index.v1+json' },
    });
    expect(response.status).toBe(auth === 'none' ? 200 : 401);
    if (auth === 'none') expect(response.headers.get('docker-content-digest')).toBe(pushed.digest);
    expect(registry.requests.map((request) => request.method)).toEqual(['HEAD']);
  },
);
