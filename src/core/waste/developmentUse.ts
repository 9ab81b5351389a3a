import type { FinalTree, Scene } from './detector.ts';
import { type StartCommand, starts } from './startCommand.ts';

const builders = [
  ...[
    'gcc',
    'g++',
    'cc',
    'c++',
    'clang',
    'clang++',
    'make',
    'cmake',
    'ninja',
    'meson',
    'ld',
    'as',
    'rustc',
    'cargo',
    'go',
    'javac',
  ],
  ...[
    'mvn',
    'mvnw',
    'gradle',
    'gradlew',
    'sbt',
    'bazel',
    'tsc',
    'swift',
    'zig',
    'ghc',
    'cabal',
    'stack',
    'dlv',
    'gdb',
    'air',
  ],
];
const binaryFolders = ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/opt/bin'];

/**
 * True for an image whose purpose is to build or to be built upon: it starts nothing, or a shell, or a compiler. What is
 * waste in an image that runs a program is its content.
 */
export function isForDevelopment(start: StartCommand): boolean {
  return (
    start.kind !== 'program' ||
    starts(start, builders) ||
    /\bdotnet\s+(?:run|watch|test|build)\b/.test(start.words.join(' '))
  );
}

/** The folders of programs that are no symbolic links. */
export function binaries({
  tree,
}: Pick<Scene, 'tree'>): { readonly folder: string; readonly nodes: readonly number[] }[] {
  return binaryFolders.map((folder) => {
    const node = tree.find(folder);
    return { folder, nodes: node < 0 ? [] : [...tree.children(node)] };
  });
}

/** True if a C compiler or linker is installed, without which headers and static libraries are of no use. */
export function hasCompiler(tree: FinalTree): boolean {
  return ['gcc', 'cc', 'clang', 'ld'].some((name) =>
    binaryFolders.some((folder) => tree.find(`${folder}/${name}`) >= 0),
  );
}
