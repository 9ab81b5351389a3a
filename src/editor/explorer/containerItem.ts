import type { ImagePlace } from '../../protocol/explorer.ts';

/**
 * What the Container Tools extension (`vscode-containers.views.images`) and its forerunner (`dockerImages`) hand to a command on an
 * item of their image trees, where `viewItem` is `image`: the item itself, with the image's name as `fullTag`, which has
 * `<none>` in it for an image without one, and its id as `imageId`. Undefined for anything else.
 */
export function placeOfTreeItem(item: unknown): ImagePlace | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { fullTag, imageId } = item as { readonly fullTag?: unknown; readonly imageId?: unknown };
  const reference = [fullTag, imageId].find(
    (name): name is string => typeof name === 'string' && name !== '' && !name.includes('<none>'),
  );
  return reference === undefined ? undefined : { kind: 'reference', reference, source: 'engine' };
}
