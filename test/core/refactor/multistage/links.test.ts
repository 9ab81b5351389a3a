import { expect, it } from 'vitest';
import { proposed } from '../../../helpers/conversion.ts';

/** What of a link is in the run stage of an application in `/app`. */
function linked(...lines: readonly string[]): readonly string[] {
  const { text } = proposed({
    lines: ['FROM node:22-bookworm', 'WORKDIR /app', 'COPY . .', 'RUN npm ci', ...lines, 'CMD ["node", "server.js"]'],
    files: {
      'package.json': '{}',
      'package-lock.json': '{}',
      'server.js': '',
      'bin/tides.js': '#!/usr/bin/env node\n',
    },
  });
  return text
    .slice(text.lastIndexOf('\nFROM '))
    .split('\n')
    .filter((line) => line.includes('tides'));
}

it.each([
  ['RUN ln -s /app/bin/tides.js /usr/local/bin/tides', 'RUN ln -s /app/bin/tides.js /usr/local/bin/tides'],
  ['RUN ln -sf /app/bin/tides.js /usr/local/bin/tides', 'RUN ln -sf /app/bin/tides.js /usr/local/bin/tides'],
  [
    'RUN ln -s ../../../app/bin/tides.js ../usr/local/bin/tides',
    'RUN cd /app && ln -s ../../../app/bin/tides.js ../usr/local/bin/tides',
  ],
  // A hard link, and one to what stays behind, are what they lead to.
  ['RUN ln /app/bin/tides.js /usr/local/bin/tides', 'COPY --from=build /usr/local/bin/tides /usr/local/bin/tides'],
  ['RUN ln -s /tmp/tides /usr/local/bin/tides', 'COPY --from=build /usr/local/bin/tides /usr/local/bin/tides'],
])('%s', (line, expected) => {
  expect(linked(line)).toEqual([expected]);
});

it('a link within a folder that is copied goes along with it', () => {
  expect(linked('RUN ln -s bin/tides.js tides')).toEqual([]);
});
