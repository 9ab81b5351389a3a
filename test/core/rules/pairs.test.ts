import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { ruleOf, rules } from '../../../src/core/rules/rules.ts';
import { fixed } from '../../helpers/rules.ts';

const folder = new URL('../../fixtures/rules/', import.meta.url);
const pairs = readdirSync(folder).flatMap((id) =>
  readdirSync(new URL(`${id}/`, folder))
    .filter((name) => name.endsWith('.before'))
    .map((name) => [id, name.slice(0, -'.before'.length)] as const),
);

function read(id: string, name: string): string {
  return readFileSync(new URL(`${id}/${name}`, folder), 'utf8');
}

describe('fixes by example', () => {
  it.each(pairs)('%s: %s', (id, name) => {
    const rule = ruleOf(id)!;
    const [before, after] = [read(id, `${name}.before`), read(id, `${name}.after`)];
    expect(fixed(rule, before)).toBe(after);
    expect(fixed(rule, after)).toBe(after);
    expect(parseDockerfile(after).problems).toEqual([]);
    const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(fixed(rule, crlf(before))).toBe(crlf(after));
    const tabs = (text: string): string => text.replace(/^ +/gm, '\t');
    expect(fixed(rule, tabs(before)).replace(/^[ \t]+/gm, '\t')).toBe(tabs(after));
  });

  it('there is one for every rule that has a fix, and for no other', () => {
    const fixing = rules.filter((rule) => 'fix' in rule).map(({ id }) => id);
    expect([...new Set(pairs.map(([id]) => id))].sort()).toEqual(fixing.sort());
  });
});
