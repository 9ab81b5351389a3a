import { expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { isBuiltFrom } from '../../../src/core/estimate/builtFrom.ts';
import { imageInfo } from '../../helpers/historyFixture.ts';

const text =
  'FROM golang AS build\nRUN go build -o /app\nFROM debian\nCOPY --from=build /app /app\nRUN make\nCMD ["/app"]\n';
const built = Date.parse('2026-11-21T12:00:00Z');
const minute = 60_000;

function info(created: string | undefined) {
  const entry = (createdBy: string, emptyLayer = false) => ({
    createdBy,
    emptyLayer,
    ...(created === undefined ? {} : { created }),
  });
  return imageInfo(3, [
    entry('ADD file:a in /'),
    entry('COPY /app /app # buildkit'),
    entry('RUN make'),
    entry('CMD ["/app"]', true),
  ]);
}

test.each<[title: string, text: string, changedAt: number, created: string | undefined, isBuilt: boolean]>([
  ['the file as it was when it was built', text, built - minute, '2026-11-21T12:00:00Z', true],
  ['written in the second in which it was built', text, built + 900, '2026-11-21T12:00:00Z', true],
  [
    'written afterwards: nobody knows what changed in other stages',
    text,
    built + minute,
    '2026-11-21T12:00:00Z',
    false,
  ],
  ['an instruction more', text.replace('CMD', 'RUN rm /tmp/a\nCMD'), built - minute, '2026-11-21T12:00:00Z', false],
  ['another command', text.replace('RUN make', 'RUN make all'), built - minute, '2026-11-21T12:00:00Z', false],
  ['another start', text.replace('CMD ["/app"]', 'CMD ["/app", "-v"]'), built - minute, '2026-11-21T12:00:00Z', false],
  ['an instruction less', text.replace('RUN make\n', ''), built - minute, '2026-11-21T12:00:00Z', false],
  ['an image without a date', text, built - minute, undefined, false],
])('%s', (_, file, changedAt, created, isBuilt) => {
  expect(isBuiltFrom(info(created), parseDockerfile(file), changedAt)).toBe(isBuilt);
});
