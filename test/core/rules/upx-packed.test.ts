import { expect, it } from 'vitest';
import { upxPacked } from '../../../src/core/rules/upx-packed.ts';
import { checkRule, findingsOf, fixed } from '../../helpers/rules.ts';

checkRule(upxPacked, {
  base: 'FROM golang:1.26',
  finds: [
    ['RUN go build -o /a && upx --best /a', 'upx --best /a'],
    ['RUN upx /a\nFROM scratch\nCOPY --from=0 /a /', 'upx /a'],
  ],
  leaves: [
    'RUN upx -d /a',
    'RUN upx --version',
    'RUN apt-get install -y upx',
    'RUN upx /a\nFROM scratch\nCOPY a /',
    '# plimsoll-ignore upx-packed\nRUN upx /a',
  ],
});

it('is information, whatever it weighs', () => {
  expect(findingsOf(upxPacked, 'FROM a\nRUN upx /a\n')[0]!.severity).toBe('information');
});

it('is not taken out of a pipeline', () => {
  const text = 'FROM a\nRUN cat list | xargs upx | tee log\n';
  expect(fixed(upxPacked, text)).toBe(text);
});
