import type { Detector, Scene } from './detector.ts';
import { findPlaces, interestsOf } from './places.ts';
import { starts } from './startCommand.ts';

const places = {
  at: ['/usr/local/cargo/registry', '/usr/local/cargo/git'],
  anywhere: ['.cargo/registry', '.cargo/git'],
  variables: [
    ['CARGO_HOME', 'registry'],
    ['CARGO_HOME', 'git'],
  ],
} as const;
/** What cargo leaves in a profile's folder beside the program itself. */
const intermediates = ['deps', 'build', 'incremental', '.fingerprint', 'examples'];

export const cargoCache: Detector = {
  id: 'cargo-cache',
  title: 'Caches and build folders of Cargo',
  why: 'Sources and objects from which the program was built. A built program needs neither.',
  looksFor: { names: [...interestsOf(places).names!, 'target'] },
  detect(scene) {
    const doubt = starts(scene.start, ['cargo'])
      ? ({ safety: 'check', why: 'The start command is cargo, which reads it.' } as const)
      : ({ safety: 'safe' } as const);
    const advice =
      'Build in a stage of its own and copy the program out, or mount caches on the registry and on target.';
    for (const node of findPlaces(scene, places)) scene.claim(node, { ...doubt, advice });
    for (const target of scene.named('target').filter((node) => isCargoTarget(scene, node))) {
      for (const folder of intermediatesOf(scene, target)) {
        scene.claim(folder, {
          safety: 'check',
          why: 'Objects of a build. The program beside them needs none, unless it loads what its build script wrote.',
          advice: 'Build in a stage of its own and copy the program out of target/release.',
        });
      }
    }
  },
};

function isCargoTarget({ tree }: Scene, node: number): boolean {
  return tree.below(node, '.rustc_info.json') >= 0 || tree.below(node, 'CACHEDIR.TAG') >= 0;
}

/** Profiles are in `target`, or, of a cross build, in `target/TRIPLE`. */
function intermediatesOf({ tree }: Scene, target: number): number[] {
  const folders = [...tree.children(target)].filter((node) => tree.isDirectory(node));
  const profiles = [...folders, ...folders.flatMap((node) => [...tree.children(node)])];
  return profiles
    .filter((node) => tree.below(node, '.fingerprint') >= 0)
    .flatMap((profile) => intermediates.map((name) => tree.below(profile, name)))
    .filter((node) => node >= 0);
}
