import { commands, Disposable, window } from 'vscode';
import type { Entrances, ExploreServices } from '../explorer/entrances.ts';
import { commandIds } from './target.ts';

/** The kind of panel, as the manifest's activation event and saved layouts name it. */
const viewType = 'plimsoll.explorer';

/**
 * The commands of the layer explorer, and its panels of before a reload. The explorer itself is loaded when the first of them is
 * asked for: most Dockerfiles are edited without it.
 */
export function registerExplore(services: ExploreServices): Disposable {
  const { guard } = services;
  let loaded: Promise<Entrances> | undefined;
  const load = (): Promise<Entrances> =>
    (loaded ??= import('../explorer/entrances.ts').then(({ Entrances }) => new Entrances(services)));
  /** Menus hand over what was clicked, and all that is selected with it. */
  const register = (
    id: string,
    run: (entrances: Entrances, clicked: unknown, selected: unknown) => Promise<void>,
  ): Disposable =>
    commands.registerCommand(id, (clicked: unknown, selected: unknown) =>
      guard.runAsync('explore', async () => run(await load(), clicked, selected)),
    );
  return Disposable.from(
    register(commandIds.exploreImage, (entrances, argument) => entrances.exploreImage(argument)),
    register(commandIds.exploreArchive, (entrances, argument) => entrances.exploreArchive(argument)),
    register(commandIds.exploreBuiltImage, (entrances, argument) => entrances.exploreBuiltImage(argument)),
    register(commandIds.exploreContainerImage, (entrances, argument) => entrances.exploreContainerImage(argument)),
    register(commandIds.compareImages, (entrances) => entrances.compareImages()),
    register(commandIds.compareSelected, (entrances, _, selected) => entrances.compareSelected(selected)),
    window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state) => {
        await guard.runAsync('explorer', async () => (await load()).restore(panel, state));
      },
    }),
    new Disposable(() => void guard.runAsync('explore', async () => (await loaded)?.dispose())),
  );
}
