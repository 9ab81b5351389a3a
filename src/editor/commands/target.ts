import { type TextDocument, Uri, window, workspace } from 'vscode';
import type { Stage } from '../../core/dockerfile/model.ts';
import { isDockerfile } from '../selector.ts';
import type { StageBase, StageBases } from '../stageBases.ts';

export const commandIds = {
  showBaseMenu: 'plimsoll.showBaseMenu',
  chooseAlternative: 'plimsoll.chooseAlternative',
  refresh: 'plimsoll.refresh',
  exploreImage: 'plimsoll.exploreImage',
  exploreArchive: 'plimsoll.exploreArchive',
  exploreBuiltImage: 'plimsoll.exploreBuiltImage',
  exploreContainerImage: 'plimsoll.exploreContainerImage',
  compareImages: 'plimsoll.compareImages',
  compareSelected: 'plimsoll.compareSelected',
  applyPreview: 'plimsoll.applyPreview',
  discardPreview: 'plimsoll.discardPreview',
} as const;

/** A stage of a document, as a lens or a link passes it to a command. Plain, because a link's arguments are JSON. */
export interface StageTarget {
  /** The document's URI. */
  readonly uri: string;
  readonly stage: number;
  /** The base that is to take the place of the present one: one of its alternatives, or nothing happens. */
  readonly reference?: string;
}

export interface ChosenStage extends StageBase {
  readonly document: TextDocument;
}

/**
 * The stage that a command is about: the one it was given; else, from the command palette or a menu, the one in which
 * the cursor stands. Undefined where there is none.
 */
export async function chosenStage(bases: StageBases, argument: unknown): Promise<ChosenStage | undefined> {
  const target = readTarget(argument);
  if (target !== undefined) {
    const document = await workspace.openTextDocument(Uri.parse(target.uri));
    return at(document, bases.of(document)[target.stage]);
  }
  const editor = window.activeTextEditor;
  if (editor === undefined || !isDockerfile(editor.document)) return undefined;
  const offset = editor.document.offsetAt(editor.selection.active);
  return at(editor.document, stageAround(bases.of(editor.document), offset));
}

/** The stage that holds an offset; before the first `FROM` it is the first. */
function stageAround<T extends { readonly stage: Pick<Stage, 'from'> }>(
  stages: readonly T[],
  offset: number,
): T | undefined {
  return stages.findLast(({ stage }) => stage.from.span.start <= offset) ?? stages[0];
}

function at(document: TextDocument, base: StageBase | undefined): ChosenStage | undefined {
  return base && { ...base, document };
}

/** Commands are anybody's to call: VS Code passes a URI from menus, and other extensions what they like. */
export function readTarget(argument: unknown): StageTarget | undefined {
  if (typeof argument !== 'object' || argument === null) return undefined;
  const { uri, stage, reference } = argument as Partial<Record<keyof StageTarget, unknown>>;
  if (typeof uri !== 'string' || typeof stage !== 'number') return undefined;
  return { uri, stage, ...(typeof reference === 'string' ? { reference } : {}) };
}
