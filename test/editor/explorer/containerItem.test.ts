import { describe, expect, test } from 'vitest';
import { placeOfTreeItem } from '../../../src/editor/explorer/containerItem.ts';

/** As those extensions have it: a class whose names are getters over what the engine listed. */
class ImageTreeItem {
  readonly contextValue = 'image';
  readonly #item: { readonly name: unknown; readonly id: unknown };

  constructor(name: unknown, id: unknown) {
    this.#item = { name, id };
  }

  get fullTag(): unknown {
    return this.#item.name;
  }

  get imageId(): unknown {
    return this.#item.id;
  }
}

const id = `sha256:${'4f1c'.repeat(16)}`;

describe('an item of the image tree', () => {
  test.each<[string, unknown, unknown, string | undefined]>([
    ['with a name', 'shop/orders:2.4.0', id, 'shop/orders:2.4.0'],
    ['with no name and no tag', '<none>:<none>', id, id],
    ['with a repository and no tag', 'shop/orders:<none>', id, id],
    ['with an empty name', '', id, id],
    ['without anything', undefined, undefined, undefined],
    ['of another shape', { text: 'shop' }, 5, undefined],
  ])('%s', (_, name, imageId, reference) => {
    expect(placeOfTreeItem(new ImageTreeItem(name, imageId))).toEqual(
      reference && { kind: 'reference', reference, source: 'engine' },
    );
  });
  test.each([undefined, null, 'shop/orders', 7])('%s is none', (item) => {
    expect(placeOfTreeItem(item)).toBeUndefined();
  });
});
