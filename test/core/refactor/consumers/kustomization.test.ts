import { describe, expect, it } from 'vitest';
import {
  ImageNamer,
  type Kustomization,
  readKustomization,
} from '../../../../src/core/refactor/consumers/kustomization.ts';

const nothing: Kustomization = { resources: [], components: [], images: [] };

describe('what a kustomization says', () => {
  it.each<[string, Partial<Kustomization>]>([
    ['resources: [web.yaml, ../base]', { resources: ['web.yaml', '../base'] }],
    ['bases: [../base]', { resources: ['../base'] }],
    ['components: [../tls]', { components: ['../tls'] }],
    ['patches: [{ path: a.yaml }, { patch: "kind: Pod" }]', { resources: ['a.yaml'] }],
    ['patchesStrategicMerge: [a.yaml, "kind: Pod\\nspec: {}"]', { resources: ['a.yaml'] }],
    ['resources: ["https://example.org/a.yaml", "example.org/a//b?ref=v1"]', {}],
    ['images: [{ name: app, newName: acme/web }]', { images: [{ name: 'app', newName: 'acme/web' }] }],
    ['images: [{ name: app, newTag: 1.2 }]', { images: [{ name: 'app', newTag: '1.2' }] }],
    ['images: [{ name: app, digest: "sha256:12" }]', { images: [{ name: 'app', digest: 'sha256:12' }] }],
    ['images: [{ newName: acme/web }, 3]', {}],
    ['images: acme/web', {}],
    ['a: &a [*a]', {}],
    ['{{', {}],
    ['', {}],
  ])('%s', (text, expected) => expect(readKustomization(text)).toEqual({ ...nothing, ...expected }));
});

/** The names of `app:1` of `/b/web.yaml` under kustomizations, by their folders. */
function names(all: Readonly<Record<string, Partial<Kustomization>>>, image = 'app:1'): readonly string[] {
  const placed = Object.entries(all).map(([folder, each]) => ({ ...nothing, ...each, folder }));
  return new ImageNamer(placed).namesOf('/b/web.yaml', image).toSorted();
}

describe('what an image is called in the end', () => {
  const resources = ['/b/web.yaml'];
  const to = (newName: string, name = 'app') => [{ name, newName }];
  it.each<[string, Record<string, Partial<Kustomization>>, readonly string[]]>([
    ['nobody takes it', { '/b': { images: to('x') } }, ['app:1']],
    ['nobody renames it', { '/b': { resources, images: to('x', 'ap') } }, ['app:1']],
    ['one does', { '/b': { resources, images: to('x') } }, ['x:1']],
    ['one says the tag', { '/b': { resources, images: [{ name: 'app', newTag: '2' }] } }, ['app:2']],
    [
      'one says the digest',
      { '/b': { resources, images: [{ name: 'app', newName: 'x', digest: 'sha256:1' }] } },
      ['x@sha256:1'],
    ],
    ['one after the other', { '/b': { resources, images: [...to('x'), ...to('y', 'x')] } }, ['y:1']],
    ['an overlay does', { '/b': { resources }, '/o': { resources: ['/b'], images: to('x') } }, ['x:1']],
    [
      'an overlay renames the new name',
      { '/b': { resources, images: to('x') }, '/o': { resources: ['/b'], images: to('y', 'x') } },
      ['y:1'],
    ],
    [
      'two overlays, of which one does',
      { '/b': { resources }, '/o': { resources: ['/b'], images: to('x') }, '/p': { resources: ['/b'] } },
      ['app:1', 'x:1'],
    ],
    ['a component does', { '/b': { resources, components: ['/c'] }, '/c': { images: to('x') } }, ['x:1']],
    ['its own component', { '/b': { components: ['/c'] }, '/c': { resources, images: to('x') } }, ['x:1']],
    [
      'a circle',
      { '/b': { resources: [...resources, '/o'] }, '/o': { resources: ['/b'], images: to('x') } },
      ['app:1'],
    ],
  ])('%s', (_title, all, expected) => expect(names(all)).toEqual(expected));

  it.each([
    ['registry:5000/app', ['registry:5000/app']],
    ['app', ['x']],
    ['app@sha256:1', ['x@sha256:1']],
    ['apps', ['apps']],
  ])('%s', (image, expected) => expect(names({ '/b': { resources, images: to('x') } }, image)).toEqual(expected));

  it('many overlays on each other by several ways are gone through once', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `/${at}`,
        { resources: at === 0 ? resources : [`/${at - 1}`, `/${Math.max(0, at - 2)}`] },
      ]),
    );
    expect(names(chain)).toEqual(['app:1']);
  });
});
