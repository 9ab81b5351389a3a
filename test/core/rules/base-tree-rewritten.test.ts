import { expect, it } from 'vitest';
import { baseTreeRewritten } from '../../../src/core/rules/base-tree-rewritten.ts';
import { noEvidence } from '../../../src/core/rules/scene/evidence.ts';
import { checkRule, findingsOf } from '../../helpers/rules.ts';

checkRule(baseTreeRewritten, {
  base: 'FROM node:24',
  finds: [
    ['RUN chown -R node:node /usr/local', 'chown -R node:node /usr/local'],
    ['RUN chmod --recursive a+w /usr/local/lib/', 'chmod --recursive a+w /usr/local/lib/'],
    ['RUN chgrp -R 0 /var/lib /tmp/x', 'chgrp -R 0 /var/lib /tmp/x'],
    ['WORKDIR /usr\nRUN chown -R node local', 'chown -R node local'],
    ['RUN chown -R node /usr/share/*', 'chown -R node /usr/share/*'],
  ],
  leaves: [
    'RUN chown node /usr/local',
    'RUN chown -R node:node /app',
    'RUN chown -R node /usr/local/app',
    'RUN chown -R node "$DIR"',
    'RUN --mount=type=cache,target=/usr/local chown -R node /usr/local',
    'RUN ls -R /usr',
    'FROM scratch\nRUN chown -R 1 /usr',
    '# plimsoll-ignore base-tree-rewritten: wanted\nRUN chown -R node:node /usr/local',
  ],
});

it('says what it weighs where the image was read', () => {
  const asked: string[] = [];
  const evidence = {
    ...noEvidence,
    bytesAt: (_: unknown, paths: readonly string[]) => {
      asked.push(...paths);
      return { bytes: 7e6, basis: 'measured' as const };
    },
  };
  const [found] = findingsOf(baseTreeRewritten, 'FROM a\nRUN chown -R b /usr/local /etc/\n', { evidence });
  expect(found).toMatchObject({ severity: 'warning', saves: { bytes: 7e6 } });
  expect(asked).toEqual(['/usr/local', '/etc']);
});
