import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../../src/core/dockerfile/parse.ts';
import { aptReleases, weigh } from '../../../../src/core/estimate/weights.ts';
import { AptGraphs } from '../../../../src/sources/apt/aptGraphs.ts';
import { buildImage, removeImage, send, type TestEngine } from '../../../helpers/engine.ts';
import { suiteEngine } from '../../../helpers/suiteEngine.ts';

/** How far an estimate may be from what the layer has. */
const tolerance = 0.05;

const installations: readonly string[] = [
  '--no-install-recommends build-essential',
  '--no-install-recommends ca-certificates curl',
  'git',
  '--no-install-recommends python3 python3-pip python3-venv',
  '--no-install-recommends ffmpeg',
  '--no-install-recommends libpq-dev gcc',
  '--no-install-recommends default-jre-headless',
  'vim wget unzip',
];

let server: TestEngine;
const graphs = new AptGraphs(path.join(import.meta.dirname, '..', '..', '..', '..', 'media', 'apt'));

beforeAll(async () => {
  server = await suiteEngine();
  for (const release of aptReleases) await graphs.load(release);
});

describe.each(aptReleases)('%s', (release) => {
  test.each(installations)('apt-get install %s', async (packages) => {
    const text = `FROM debian:${release}\nRUN apt-get update && apt-get install -y ${packages} && rm -rf /var/lib/apt/lists/*\n`;
    await buildImage(server, 'plimsoll/apt:1', text);
    const history = JSON.parse(await send(server, 'GET', '/images/plimsoll%2Fapt:1/history')) as { Size: number }[];
    const real = history[0]!.Size;
    await removeImage(server, 'plimsoll/apt:1');
    const dockerfile = parseDockerfile(text);
    const weight = weigh(dockerfile, 'linux/amd64', {
      measured: () => undefined,
      context: () => undefined,
      download: () => undefined,
      image: () => ({ kind: 'unknown' }),
      apt: (codename) => graphs.known(codename),
    }).weights.get(1)!;
    const error = weight.size!.bytes / real - 1;
    console.log(`${release} ${packages}: ${real} B, estimated ${(error * 100).toFixed(1)} %`);
    expect(weight.unknown).toEqual([]);
    expect(Math.abs(error)).toBeLessThan(tolerance);
  });
});
