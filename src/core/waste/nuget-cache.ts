import type { Detector } from './detector.ts';
import { findPlaces, interestsOf } from './places.ts';
import type { StartCommand } from './startCommand.ts';

const places = {
  anywhere: [
    '.nuget/packages',
    '.local/share/NuGet/v3-cache',
    '.local/share/NuGet/http-cache',
    '.local/share/NuGet/plugins-cache',
  ],
  variables: [
    ['NUGET_PACKAGES', ''],
    ['NUGET_HTTP_CACHE_PATH', ''],
  ],
} as const;

export const nugetCache: Detector = {
  id: 'nuget-cache',
  title: 'Package folders of NuGet',
  why: 'Packages from which the program was built. A published program has its own copies.',
  looksFor: interestsOf(places),
  detect(scene) {
    const advice =
      'Build in a stage of its own and copy what `dotnet publish` made, or mount a cache on /root/.nuget/packages.';
    const why = 'The start command builds before it runs, and that reads the packages.';
    for (const node of findPlaces(scene, places)) {
      scene.claim(node, buildsAtStart(scene.start) ? { safety: 'check', advice, why } : { safety: 'safe', advice });
    }
  },
};

/** `dotnet run`, not `dotnet app.dll`. */
function buildsAtStart({ commands, words }: StartCommand): boolean {
  return commands.has('dotnet') && /\bdotnet\s+(?:run|watch|test|build)\b/.test(words.join(' '));
}
