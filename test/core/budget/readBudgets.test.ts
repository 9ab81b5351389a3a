import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diveLimitNames, limitNames, limits } from '../../../src/core/budget/budget.ts';
import { entryKeys, readBudgets } from '../../../src/core/budget/readBudgets.ts';

const read = (...budgets: unknown[]) => readBudgets(JSON.stringify({ budgets }));

describe('a file of budgets', () => {
  it('is read with all that it can say', () => {
    const found = read(
      {
        dockerfile: '**/Dockerfile',
        maxSize: '300 MB',
        maxDownload: 5,
        maxReclaimable: '0',
        target: 'a',
        context: '.',
      },
      {
        image: 'app:1',
        minEfficiency: 0.95,
        maxWasted: '1MiB',
        dive: { highestWastedBytes: '20 MB', lowestEfficiency: 1 },
      },
      { dockerfile: 'Dockerfile', maxSize: 1, buildArgs: { V: '1' } },
    );
    expect(found).toEqual({
      budgets: [
        {
          kind: 'dockerfile',
          dockerfile: '**/Dockerfile',
          limits: { maxSize: 300_000_000, maxDownload: 5, maxReclaimable: 0 },
          target: 'a',
          context: '.',
        },
        {
          kind: 'image',
          image: 'app:1',
          limits: { minEfficiency: 0.95, maxWasted: 1_048_576, highestWastedBytes: 20_000_000, lowestEfficiency: 1 },
        },
        { kind: 'dockerfile', dockerfile: 'Dockerfile', limits: { maxSize: 1 }, buildArgs: { V: '1' } },
      ],
    });
  });

  it.each<[string, string, RegExp]>([
    ['no JSON', '{ "budgets": [', /^It is no JSON: /],
    ['a comment', '{ // why\n}', /^It is no JSON: /],
    ['a list', '[]', /^The file is no JSON object\.$/],
    ['nothing', '{}', /^It has no list "budgets"\.$/],
    ['an unknown key', '{ "budget": [] }', /^"budget" of the file is not known; there are "\$schema", "budgets"\.$/],
  ])('is refused: %s', (_title, text, problem) => {
    expect(readBudgets(text)).toEqual({ problem: expect.stringMatching(problem) as string });
  });

  it.each<[unknown, RegExp]>([
    ['text', /^Budget 1 is no JSON object/],
    [{ maxSize: 1 }, /"dockerfile" or for an "image": one of the two/],
    [{ dockerfile: 'a', image: 'b', maxSize: 1 }, /one of the two/],
    [{ dockerfile: 'a' }, /^Budget 1 has no limit, "maxSize" for instance\.$/],
    [{ dockerfile: '', maxSize: 1 }, /^"dockerfile" of budget 1 is no text/],
    [{ dockerfile: 'a', maxsize: 1 }, /^"maxsize" of budget 1 is not known/],
    [{ dockerfile: 'a', maxSize: '300 QB' }, /^"maxSize" of budget 1 is "300 QB"; it must be a size as "300 MB"\.$/],
    [{ dockerfile: 'a', maxSize: -1 }, /it must be a size/],
    [{ dockerfile: 'a', maxSize: 0.5 }, /it must be a size/],
    [{ dockerfile: 'a', maxSize: true }, /it must be a size/],
    [{ image: 'a', minEfficiency: 95 }, /^"minEfficiency" of budget 1 is 95; it must be a number from 0 to 1\.$/],
    [{ image: 'a', minEfficiency: '0.9' }, /it must be a number/],
    [{ dockerfile: 'a', maxWasted: 1 }, /^"maxWasted" of budget 1 is known of an image only/],
    [{ image: 'a', maxReclaimable: 1 }, /^"maxReclaimable" of budget 1 is known of a Dockerfile only/],
    [{ image: 'a', maxSize: 1, target: 'b' }, /^"target" of budget 1 belongs to a Dockerfile/],
    [{ image: 'a', dive: [] }, /^"dive" of budget 1 is no JSON object/],
    [{ image: 'a', dive: { maxSize: 1 } }, /^"maxSize" of "dive" of budget 1 is not known/],
    [{ dockerfile: 'a', maxSize: 1, buildArgs: { A: 1 } }, /^"A" of "buildArgs" of budget 1 is no text/],
  ])('refuses the budget %j', (budget, problem) => {
    expect(read(budget)).toEqual({ problem: expect.stringMatching(problem) as string });
  });
});

describe('the JSON schema that editors complete from', () => {
  interface Schema {
    readonly properties: Readonly<Record<string, Schema>>;
    readonly additionalProperties: boolean;
    readonly items: Schema;
    readonly anyOf: readonly Schema[];
    readonly description?: string;
  }
  const schema = JSON.parse(
    readFileSync(new URL('../../../media/plimsoll.schema.json', import.meta.url), 'utf8'),
  ) as Schema;
  const [dockerfile, image] = schema.properties.budgets!.items.anyOf as [Schema, Schema];

  it('knows the keys that are read, each of its kind, and no other', () => {
    expect(Object.keys(schema.properties)).toEqual(['$schema', 'budgets']);
    const own = (kind: string) =>
      limitNames.filter(
        (name) =>
          (limits[name].of as readonly string[]).includes(kind) &&
          !(diveLimitNames as readonly string[]).includes(name),
      );
    const belongs = { dockerfile: ['dockerfile', 'target', 'context', 'buildArgs'], image: ['image', 'dive'] };
    expect(Object.keys(dockerfile.properties).sort()).toEqual([...belongs.dockerfile, ...own('dockerfile')].sort());
    expect(Object.keys(image.properties).sort()).toEqual([...belongs.image, ...own('image')].sort());
    expect(Object.keys(image.properties.dive!.properties).sort()).toEqual([...diveLimitNames].sort());
    expect([...belongs.dockerfile, ...belongs.image].sort()).toEqual([...entryKeys].sort());
  });

  it('allows nothing else and describes everything', () => {
    for (const each of [schema, dockerfile, image, image.properties.dive!]) {
      expect(each.additionalProperties).toBe(false);
      for (const [name, property] of Object.entries(each.properties)) {
        expect(property.description, name).toMatch(/^\S.{10,}\.$/);
      }
    }
  });
});
