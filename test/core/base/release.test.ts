import { describe, expect, test } from 'vitest';
import { possibleDebians } from '../../../src/core/base/release.ts';

describe('what an image of the Docker library can be made from', () => {
  test.each([
    ['a line that is maintained', undefined, ['trixie', 'bookworm', 'bullseye']],
    ['one that has some years to go', '2028-10-31', ['trixie', 'bookworm', 'bullseye']],
    ['one that ended before Debian 13 came', '2024-09-05', ['bookworm', 'bullseye', 'buster']],
    ['one that ended days after Debian 13 came', '2025-08-12', ['bookworm', 'trixie', 'bullseye']],
    ['one that ended months after Debian 13 came', '2026-02-10', ['trixie', 'bookworm', 'bullseye']],
    ['one that has few left', '2018-01-01', ['stretch']],
    ['one from before all of them', '2015-01-01', []],
  ])('%s', (_, lastDay, expected) => {
    expect(possibleDebians(lastDay)).toEqual(expected);
  });
});
