import { commands, Disposable, type TextDocument, Uri, window, workspace } from 'vscode';
import { refactorKinds } from '../../core/refactor/refactors.ts';
import type { Guard } from '../guard.ts';
import { previewScheme } from '../preview.ts';
import { offerCommands, refactoringCommands } from '../refactoring/commandIds.ts';
import { type RefactoringSessions, revealLine, type Session } from '../refactoring/refactoringSessions.ts';
import { isDockerfile } from '../selector.ts';

/** The refactorings, and what can be done with one that is shown. */
export function registerRefactorCommands(sessions: RefactoringSessions, guard: Guard): Disposable {
  const onSession = (id: string, work: (session: Session, given: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (argument: unknown, given: unknown) =>
      guard.runAsync(id, async () => {
        const session = sessions.get(addressOf(argument) ?? '');
        if (session !== undefined) await work(session, given);
      }),
    );
  return Disposable.from(
    ...refactorKinds.map((kind) =>
      commands.registerCommand(offerCommands[kind], (argument: unknown, stage: unknown) =>
        guard.runAsync(kind, async () => {
          const document = await documentOf(argument);
          if (document !== undefined) await sessions.start(document, { kind, ...(isIndex(stage) ? { stage } : {}) });
        }),
      ),
    ),
    onSession(refactoringCommands.apply, (session) => sessions.apply(session)),
    onSession(refactoringCommands.discard, (session) => sessions.discard(session)),
    onSession(refactoringCommands.answers, (session) => sessions.changeAnswers(session)),
    onSession(refactoringCommands.line, async ({ uri }, line) => {
      if (typeof line === 'number') await revealLine(await workspace.openTextDocument(uri), line);
    }),
    onSession(refactoringCommands.file, async (session, path) => {
      if (typeof path === 'string') await sessions.showFile(session, path);
    }),
  );
}

/** What the light bulb of a stage names; a menu passes something else as its second argument. */
function isIndex(stage: unknown): stage is number {
  return Number.isInteger(stage);
}

/**
 * The address of the document that a change is about: links of the rationale name it, the title bar of a comparison passes the
 * side with the proposal, and from the palette it is the comparison in front.
 */
function addressOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  return uri?.scheme === previewScheme ? uri.query : uri?.toString();
}

/** The Dockerfile that a command is about: the one that a lens names, a menu passes, or the one in front. */
async function documentOf(argument: unknown): Promise<TextDocument | undefined> {
  const named = typeof argument === 'string' ? Uri.parse(argument) : argument instanceof Uri ? argument : undefined;
  const document = named === undefined ? window.activeTextEditor?.document : await workspace.openTextDocument(named);
  return document !== undefined && isDockerfile(document) ? document : undefined;
}
