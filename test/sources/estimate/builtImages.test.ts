import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { ScoredImage } from '../../../src/sources/engine/localImages.ts';
import { findBuiltImages, newestImages, stageText } from '../../../src/sources/estimate/builtImages.ts';
import { imageInfo } from '../../helpers/historyFixture.ts';

const text = `FROM golang AS build
COPY . /src
RUN go build
FROM debian
COPY --from=build /out /
RUN make
`;
const dockerfile = parseDockerfile(text);

/** An image whose layers are a base's and those of instructions. */
function image(name: string, ...instructions: string[]): ScoredImage {
  const history = ['ADD file:a in /', ...instructions].map((createdBy) => ({ createdBy, emptyLayer: false }));
  const info = { ...imageInfo(history.length, history), imageId: `sha256:${name}` };
  return { imageId: `sha256:${name}`, names: name === 'unnamed' ? [] : [`${name}:latest`], score: 1, info };
}

const app = image('app', 'COPY /out / # buildkit', 'RUN make');
const copy = image('copy', 'COPY /out / # buildkit', 'RUN make');
const changed = image('changed', 'COPY /out / # buildkit', 'RUN make all');
const other = image('other', 'RUN something', 'RUN else');
const stage = image('stage', 'COPY . /src # buildkit', 'RUN go build');
const more = image('more', 'COPY . /src # buildkit', 'RUN go build', 'RUN go test');

function find(images: readonly ScoredImage[], names: readonly string[] = [], linked?: ScoredImage) {
  const found = findBuiltImages(images, dockerfile, {
    names,
    forStage: (target) => parseDockerfile(text, { target }),
    ...(linked === undefined ? {} : { linked }),
  });
  const stages = [...found.stages].map(([of, id]) => `${of.split('\n').length} lines: ${id}`);
  return [found.final?.name, found.final?.isLinked ?? false, ...stages];
}

test.each<[title: string, images: ScoredImage[], names: string[], linked: ScoredImage | undefined, found: unknown[]]>([
  ['the best fit', [changed, other, app], [], undefined, ['app:latest', false]],
  ['of equals the newest', [copy, app], [], undefined, ['copy:latest', false]],
  ['of equals the one that a Compose file names', [copy, app], ['app:latest'], undefined, ['app:latest', false]],
  ['a name does not make up for another history', [app, other], ['other:latest'], undefined, ['app:latest', false]],
  ['nothing that fits', [other], [], undefined, [undefined, false]],
  ['the one that the user linked', [app], [], other, ['other:latest', true]],
  [
    'one without a name',
    [image('unnamed', 'COPY /out / # buildkit', 'RUN make')],
    [],
    undefined,
    ['sha256:unnamed', false],
  ],
  ['of a stage', [app, stage], [], undefined, ['app:latest', false, '3 lines: sha256:stage']],
  ['one with more than the stage', [more], [], undefined, [undefined, false]],
  ['none at all', [], [], undefined, [undefined, false]],
])('%s', (_, images, names, linked, found) => {
  expect(find(images, names, linked)).toEqual(found);
});

test('the text of a stage holds those that it stands on', () => {
  const file = parseDockerfile('FROM a AS b\nRUN x\nFROM b\nRUN y\n');
  expect(stageText(file, file.stages[1]!)).toBe('FROM a AS b\nRUN x\nFROM b\nRUN y');
});

test('without an engine there are no images', async () => {
  expect(await newestImages(undefined, new AbortController().signal)).toEqual([]);
});
