import type { Detector, Interests, Scene } from './detector.ts';
import { type StartCommand, starts } from './startCommand.ts';

/** Where a tool keeps something. */
export interface Places {
  /** Absolute paths. */
  readonly at?: readonly string[];
  /** Relative paths that count wherever they are, as `.cache/pip` in the home of any user. */
  readonly anywhere?: readonly string[];
  /** Environment variables that name a directory, and the path below it: `['GOPATH', 'pkg/mod']`. */
  readonly variables?: readonly (readonly [variable: string, below: string])[];
}

/** A tool's cache at known places. */
export interface Cache {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly places: Places;
  readonly advice: string;
  /** Commands that read the cache when they run: where a container starts one of them, the cache is not surely waste. */
  readonly readBy?: readonly string[];
}

/** A detector for what is at known places. */
export function cacheDetector({ id, title, why, places, advice, readBy = [] }: Cache): Detector {
  return {
    id,
    title,
    why,
    looksFor: interestsOf(places),
    detect(scene) {
      const doubt = doubtOf(scene.start, readBy);
      for (const node of findPlaces(scene, places)) {
        scene.claim(node, doubt === undefined ? { safety: 'safe', advice } : { safety: 'check', advice, why: doubt });
      }
    },
  };
}

function doubtOf(start: StartCommand, readBy: readonly string[]): string | undefined {
  const reader = readBy.find((command) => starts(start, [command]));
  return reader === undefined ? undefined : `The start command is ${reader}, which reads it.`;
}

export function interestsOf({ anywhere = [] }: Places): Interests {
  return { names: anywhere.map(firstSegment) };
}

/** The nodes at the places, each once, in the order in which the places are listed. */
export function findPlaces(scene: Scene, { at = [], anywhere = [], variables = [] }: Places): number[] {
  const { tree } = scene;
  const found = [
    ...at.map((path) => tree.find(path)),
    ...anywhere.flatMap((path) => {
      const rest = path.slice(firstSegment(path).length);
      return scene.named(firstSegment(path)).map((node) => tree.below(node, rest));
    }),
    ...variables.flatMap(([variable, below]) =>
      directoriesOf(scene, variable)
        // A variable may name any directory; one that is shared with other files is not taken on its word.
        .filter((path) => below !== '' || /cache|store|packages|repository/i.test(path))
        .map((path) => tree.find(`${path}/${below}`)),
    ),
  ];
  return [...new Set(found)].filter((node) => node > 0);
}

/** The absolute paths in an environment variable of the image, which may be a list. */
export function directoriesOf({ config }: Pick<Scene, 'config'>, variable: string): string[] {
  const prefix = `${variable}=`;
  const value = config.env.findLast((entry) => entry.startsWith(prefix))?.slice(prefix.length) ?? '';
  return value.split(':').filter((path) => path.startsWith('/'));
}

function firstSegment(path: string): string {
  return path.split('/', 1)[0]!;
}
