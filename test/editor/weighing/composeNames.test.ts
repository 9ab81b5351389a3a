import { expect, test, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { composeNames } from '../../../src/editor/weighing/composeNames.ts';
import { documentDouble } from '../../helpers/vscodeDouble.ts';

const { files } = vi.hoisted(() => ({ files: new Map<string, string>() }));
vi.mock('vscode', async () => {
  const { UriDouble } = await import('../../helpers/vscodeDouble.ts');
  return {
    Uri: UriDouble,
    workspace: {
      findFiles: () => Promise.resolve([...files.keys()].map((path) => UriDouble.file(path))),
      fs: {
        stat: ({ path }: { path: string }) => Promise.resolve({ size: files.get(path)!.length }),
        readFile: ({ path }: { path: string }) => {
          const text = files.get(path)!;
          return text === 'unreadable'
            ? Promise.reject(new Error('no'))
            : Promise.resolve(new TextEncoder().encode(text));
        },
      },
    },
  };
});

const dockerfile: TextDocument = documentDouble('/w/My Shop/api/Dockerfile', '').document;

test.each<[title: string, compose: Record<string, string>, names: string[]]>([
  [
    'by its image',
    { '/w/My Shop/compose.yaml': 'services:\n  api:\n    build: api\n    image: acme/api\n' },
    ['acme/api:latest'],
  ],
  [
    'with its tag',
    { '/w/My Shop/compose.yaml': 'services:\n  api:\n    build: api\n    image: r:5000/api:2\n' },
    ['r:5000/api:2'],
  ],
  [
    'as Compose calls it',
    { '/w/My Shop/compose.yaml': 'services:\n  api:\n    build: ./api\n' },
    ['myshop-api:latest'],
  ],
  [
    'from another folder',
    { '/w/My Shop/deploy/compose.yaml': 'services:\n  a:\n    build: ../api\n' },
    ['deploy-a:latest'],
  ],
  ['another Dockerfile', { '/w/My Shop/compose.yaml': 'services:\n  a:\n    build: web\n  b:\n    image: x\n' }, []],
  ['a file that cannot be read', { '/w/My Shop/compose.yaml': 'unreadable' }, []],
  ['none', {}, []],
])('%s', async (_, compose, names) => {
  files.clear();
  for (const [path, text] of Object.entries(compose)) files.set(path, text);
  expect(await composeNames(dockerfile)).toEqual(names);
});
