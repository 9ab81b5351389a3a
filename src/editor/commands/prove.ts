import { commands, Disposable } from 'vscode';
import type { Provings, ProveServices } from '../prove/provings.ts';
import { refactoringCommands } from '../refactoring/commandIds.ts';

const proveCommands = {
  prove: 'plimsoll.prove',
  /** One click from a proof: its two images side by side in the explorer. */
  compare: 'plimsoll.compareProved',
} as const;

/**
 * Builds a Dockerfile before and after a change and tells whether the image still works. What does it is loaded when it is
 * first asked for.
 */
export function registerProve(services: ProveServices): Disposable {
  const { guard } = services;
  let loaded: Promise<Provings> | undefined;
  const load = (): Promise<Provings> =>
    (loaded ??= import('../prove/provings.ts').then(({ Provings }) => new Provings(services)));
  const register = (id: string, run: (provings: Provings, argument: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (argument: unknown) =>
      guard.runAsync('prove', async () => run(await load(), argument)),
    );
  return Disposable.from(
    register(proveCommands.prove, (provings, argument) => provings.prove(argument)),
    register(refactoringCommands.prove, (provings, argument) => provings.prove(argument)),
    register(proveCommands.compare, (provings, argument) => provings.compare(argument)),
    new Disposable(() => void guard.runAsync('prove', async () => (await loaded)?.dispose())),
  );
}
