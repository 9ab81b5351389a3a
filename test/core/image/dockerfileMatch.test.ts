import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { layerLines, matchDockerfile, matchScore } from '../../../src/core/image/dockerfileMatch.ts';
import { historyFixture, historyOf, imageInfo } from '../../helpers/historyFixture.ts';

/** The one-based line of each layer, 0 for the base's and unknown ones. */
function linesOf(name: string, edit: (text: string) => string = (text) => text): number[] {
  const { info, dockerfile } = historyFixture(name);
  const match = matchDockerfile(info, parseDockerfile(edit(dockerfile!)));
  return layerLines(match, info.layers.length).map((line) => line ?? 0);
}

describe('a Dockerfile and the image that a real builder made of it', () => {
  test.each<[string, number[]]>([
    ['legacy', [0, 9, 10, 11, 12, 13, 14, 15, 18, 20]],
    ['legacy-paths', [0, 3, 5, 6, 8]],
    ['buildkit', [0, 9, 10, 11, 12, 13, 14, 15, 18, 20]],
    ['buildkit-paths', [0, 2, 3, 5, 6, 7, 8]],
    ['buildkit-modern', [3, 7, 8, 9, 10, 14, 17, 21, 24, 29, 30, 31, 32, 33, 36, 37, 38, 39, 44, 46]],
    ['podman', [0, 10, 11, 12, 13, 14, 15, 18, 20]],
    ['podman-docker-format', [0, 10, 11, 12, 13, 14, 15, 18, 20]],
    // Layers that hold several instructions have no line of their own.
    ['podman-squash', [0, 0]],
    ['podman-one-layer', [0, 0]],
    ['legacy-squash', [0, 0]],
    // The triggers of the base were set off by line 1; BuildKit does not record them.
    ['legacy-child', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 4]],
    ['podman-child', [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3, 4]],
    ['buildkit-child', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 4]],
  ])('%s', (name, expected) => {
    expect(linesOf(name)).toEqual(expected);
    const { info, dockerfile } = historyFixture(name);
    const match = matchDockerfile(info, parseDockerfile(dockerfile!));
    expect(match.score).toBe(1);
    expect(match.stale).toEqual([]);
    expect(match.matches.every((at) => at.quality === 'same')).toBe(true);
  });

  test.each([
    ['legacy', 1],
    ['buildkit', 1],
    ['podman', 1],
    ['buildkit-modern', 0],
    ['legacy-child', 10],
  ])('%s: the base has %d layers', (name, expected) => {
    const { info, dockerfile } = historyFixture(name);
    expect(matchDockerfile(info, parseDockerfile(dockerfile!)).baseLayers).toBe(expected);
  });

  test('CRLF line ends', () => {
    expect(linesOf('buildkit', (text) => text.replaceAll('\n', '\r\n'))).toEqual(linesOf('buildkit'));
  });
});

describe('a Dockerfile that was edited since', () => {
  const history = historyOf(
    'ADD rootfs.tar / # buildkit',
    '(CMD ["bash"])',
    'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit',
    'COPY package.json . # buildkit',
    'RUN /bin/sh -c npm ci # buildkit',
    'COPY . . # buildkit',
    '(CMD ["node" "app.js"])',
  );
  const built = [
    'FROM debian',
    'RUN apt-get update && apt-get install -y curl',
    'COPY package.json .',
    'RUN npm ci',
    'COPY . .',
    'CMD ["node", "app.js"]',
  ];
  const check = (lines: readonly string[]) => {
    const file = parseDockerfile(lines.join('\n'));
    const match = matchDockerfile(imageInfo(5, history), file);
    return {
      lines: layerLines(match, 5).map((line) => line ?? 0),
      stale: match.stale.map((index) => file.instructions[index]!.line),
      score: match.score,
    };
  };
  const edited = (from: number, remove: number, ...insert: string[]) => check(built.toSpliced(from, remove, ...insert));

  test('not at all', () => expect(check(built)).toEqual({ lines: [0, 2, 3, 4, 5], stale: [], score: 1 }));
  test('a line inserted at the top', () => {
    expect(edited(1, 0, 'RUN useradd me')).toMatchObject({ lines: [0, 3, 4, 5, 6], stale: [2] });
  });
  test('a line inserted in the middle', () => {
    expect(edited(3, 0, 'RUN echo something new')).toMatchObject({ lines: [0, 2, 3, 5, 6], stale: [4] });
  });
  test('a line appended', () => {
    expect(edited(6, 0, 'RUN rm -rf /tmp/x')).toMatchObject({ lines: [0, 2, 3, 4, 5], stale: [7] });
  });
  test('a line removed', () => {
    expect(edited(2, 1)).toMatchObject({ lines: [0, 2, 0, 3, 4], stale: [] });
  });
  test('a command changed a little keeps its layer and is stale', () => {
    expect(edited(1, 1, 'RUN apt-get update && apt-get install -y curl git')).toMatchObject({
      lines: [0, 2, 3, 4, 5],
      stale: [2],
    });
  });
  test('a command that is another one has no layer', () => {
    expect(edited(3, 1, 'RUN cargo build')).toMatchObject({ lines: [0, 2, 3, 0, 5], stale: [4] });
  });
  test('blanks, comments and continuations do not matter', () => {
    const spread = 'RUN apt-get update && \\\n    # comment\n\n    apt-get   install -y curl';
    expect(edited(1, 1, spread)).toMatchObject({ lines: [0, 2, 6, 7, 8], stale: [], score: 1 });
  });
  test('nothing in common', () => {
    expect(check(['FROM x', 'RUN go build', 'WORKDIR /src'])).toEqual({ lines: [0, 0, 0, 0, 0], stale: [2], score: 0 });
  });
  test('every edit lowers the score', () => {
    expect(edited(1, 0, 'RUN useradd me').score).toBeLessThan(1);
    expect(edited(2, 1).score).toBeLessThan(1);
    expect(edited(1, 1, 'RUN apt-get update && apt-get install -y curl git').score).toBeLessThan(1);
  });
});

describe('stages', () => {
  const history = historyOf('RUN base', 'RUN below', '(ENV A=1)', 'COPY x /', 'RUN above');

  test('a stage of the file under the final one gives lines, too; others do not', () => {
    const text =
      'FROM d AS low\nRUN below\nENV A=1\nFROM e AS other\nCOPY x /\nFROM low\nCOPY --from=other x /\nRUN above';
    const match = matchDockerfile(imageInfo(4, history), parseDockerfile(text));
    expect(layerLines(match, 4)).toEqual([undefined, 2, 7, 8]);
    expect(match.baseLayers).toBe(1);
  });

  test('triggers of a stage run in the stage above it', () => {
    const text = 'FROM d AS low\nONBUILD COPY x /\nRUN below\nFROM low\nRUN above';
    const match = matchDockerfile(imageInfo(3, historyOf('RUN below', 'COPY x /', 'RUN above')), parseDockerfile(text));
    expect(layerLines(match, 3)).toEqual([3, 2, 5]);
  });

  test('a file without a stage matches nothing', () => {
    expect(matchDockerfile(imageInfo(4, history), parseDockerfile('RUN above'))).toEqual({
      matches: [],
      stale: [],
      score: 0,
    });
  });
});

describe('of several images, the score finds the one', () => {
  const file = parseDockerfile('FROM x\nRUN a long command\nCOPY . /app\nCMD ["app"]');
  const images = {
    built: historyOf('RUN base', 'RUN a long command', 'COPY . /app', '(CMD ["app"])'),
    older: historyOf('RUN base', 'RUN a longer command', 'COPY . /app', '(CMD ["app"])'),
    above: historyOf('RUN base', 'RUN a long command', 'COPY . /app', '(CMD ["app"])', 'RUN another', 'COPY x y'),
    other: historyOf('RUN base', 'RUN make', 'COPY . /srv', '(CMD ["app"])'),
    none: historyOf(),
  };
  test('a built one before older, derived and foreign ones', () => {
    const scores = Object.entries(images).map(([name, history]) => {
      const layers = history.filter((entry) => !entry.emptyLayer).length;
      return { name, score: matchScore(imageInfo(layers, history), file) };
    });
    const best = scores.reduce((a, b) => (b.score > a.score ? b : a));
    expect(best).toEqual({ name: 'built', score: 1 });
    expect(scores.find((at) => at.name === 'none')!.score).toBe(0);
    expect(scores.find((at) => at.name === 'other')!.score).toBeLessThan(0.5);
  });

  test('a history of 100,000 entries does not take long', () => {
    const long = historyOf(...Array.from({ length: 100_000 }, (_, i) => `RUN step ${i}`), 'RUN a long command');
    const match = matchDockerfile(imageInfo(1, long), file);
    expect(match.matches.map((at) => at.entry)).toEqual([100_000]);
  });
});
