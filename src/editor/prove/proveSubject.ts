import { type QuickPickItem, type TextDocument, Uri, window, workspace } from 'vscode';
import { baseName } from '../../core/program/fileSystem.ts';
import { findIgnoreFile } from '../../sources/context/ignoreFile.ts';
import { type Previews, previewScheme } from '../preview.ts';
import { isDockerfile } from '../selector.ts';
import { buildContextOf } from '../weighing/buildContextOf.ts';
import { committedText } from './gitHead.ts';
import {
  beforePlaceholder,
  changedName,
  committedItem,
  committedName,
  noContext,
  noDockerfile,
  otherItem,
  otherOpen,
  proveTitle,
  sameText,
  savedItem,
  savedName,
} from './wording.ts';

/** A text that is built. */
export interface SubjectSide {
  readonly name: string;
  readonly text: string;
  /** Text of the ignore file that counts. */
  readonly ignore?: string;
}

/** What is to be proved. */
export interface ProveSubject {
  readonly name: string;
  /** For its settings; absent where somebody gave texts only. */
  readonly uri?: Uri;
  /** Absolute. */
  readonly context: string;
  readonly before: SubjectSide;
  readonly after: SubjectSide;
}

/**
 * What a command is about: the texts that it was given, the change that is shown, or the Dockerfile in front, of which the
 * user says what to compare it with. Undefined where there is nothing, of which the user has been told.
 */
export async function proveSubject(argument: unknown, previews: Previews): Promise<ProveSubject | undefined> {
  const given = readTexts(argument);
  const subject = given ?? (await ofProposal(argument, previews)) ?? (await ofDocument(argument));
  if (subject === undefined) return undefined;
  const { before, after, name } = subject;
  if (before.text !== after.text || before.ignore !== after.ignore) return subject;
  void window.showInformationMessage(sameText(name));
  return undefined;
}

/** `{ before, after, context }`, as other features hand it over; commands are anybody's to call. */
function readTexts(argument: unknown): ProveSubject | undefined {
  if (typeof argument !== 'object' || argument === null || argument instanceof Uri) return undefined;
  const { before, after, context, name } = argument as Readonly<Record<string, unknown>>;
  if (typeof before !== 'string' || typeof after !== 'string' || typeof context !== 'string') return undefined;
  // An absolute path, of either kind of system.
  if (!/^(?:\/|\\\\|[a-z]:[\\/])/i.test(context)) return undefined;
  const shown = typeof name === 'string' ? name : 'Dockerfile';
  return {
    name: shown,
    context,
    before: { name: shown, text: before },
    after: { name: changedName(shown), text: after },
  };
}

/** The change that a comparison shows: its address, or that of the document that it changes. */
async function ofProposal(argument: unknown, previews: Previews): Promise<ProveSubject | undefined> {
  const uri =
    typeof argument === 'string'
      ? Uri.parse(argument)
      : argument instanceof Uri
        ? argument
        : window.activeTextEditor?.document.uri;
  if (uri === undefined) return undefined;
  const proposal = previews.proposalOf(uri.scheme === previewScheme ? uri.query : uri.toString());
  if (proposal === undefined || (uri.scheme !== previewScheme && typeof argument !== 'string')) return undefined;
  const { document, text, others } = proposal;
  const place = await placeOf(document);
  if (place === undefined) return undefined;
  const { name, context, ignore } = place;
  const changed = others.find((file) => /(?:^|\.)dockerignore$/.test(baseName(file.uri.path)))?.text;
  return {
    name,
    uri: document.uri,
    context,
    before: { name, text: document.getText(), ...(ignore === undefined ? {} : { ignore }) },
    after: { name: changedName(name), text, ...withIgnore(changed ?? ignore) },
  };
}

async function ofDocument(argument: unknown): Promise<ProveSubject | undefined> {
  const document =
    argument instanceof Uri ? await workspace.openTextDocument(argument) : window.activeTextEditor?.document;
  if (document === undefined || !isDockerfile(document)) {
    void window.showInformationMessage(noDockerfile());
    return undefined;
  }
  const place = await placeOf(document);
  const before = place && (await chooseBefore(document, place.name));
  if (place === undefined || before === undefined) return undefined;
  const { name, context, ignore } = place;
  return {
    name,
    uri: document.uri,
    context,
    before: { ...before, ...withIgnore(ignore) },
    after: { name, text: document.getText(), ...withIgnore(ignore) },
  };
}

function withIgnore(ignore: string | undefined): { readonly ignore?: string } {
  return ignore === undefined ? {} : { ignore };
}

async function placeOf(
  document: TextDocument,
): Promise<{ readonly name: string; readonly context: string; readonly ignore?: string } | undefined> {
  const name = baseName(document.uri.path);
  const context = buildContextOf(document);
  if (context === undefined) {
    void window.showErrorMessage(noContext(name));
    return undefined;
  }
  return { name, context, ...withIgnore((await findIgnoreFile(document.uri.fsPath, context))?.text) };
}

interface BeforeItem extends QuickPickItem {
  readonly choose: () => Promise<SubjectSide | undefined>;
}

/** Only what differs from the document is offered. */
async function chooseBefore(document: TextDocument, name: string): Promise<SubjectSide | undefined> {
  const now = document.getText();
  const committed = await committedText(document.uri);
  const saved = document.isDirty ? await readFile(document.uri) : now;
  const items: BeforeItem[] = [];
  const offer = (label: string, side: SubjectSide): void => {
    if (side.text !== now) items.push({ label, choose: () => Promise.resolve(side) });
  };
  if (committed !== undefined) offer(committedItem(), { name: committedName(name), text: committed });
  offer(savedItem(), { name: savedName(name), text: saved });
  items.push({ label: otherItem(), choose: () => chooseFile(document.uri) });
  const options = { title: proveTitle(name), placeHolder: beforePlaceholder() };
  const item = items.length === 1 ? items[0] : await window.showQuickPick(items, options);
  return item?.choose();
}

async function chooseFile(near: Uri): Promise<SubjectSide | undefined> {
  const [uri] = (await window.showOpenDialog({ defaultUri: Uri.joinPath(near, '..'), openLabel: otherOpen() })) ?? [];
  return uri && { name: baseName(uri.path), text: await readFile(uri) };
}

async function readFile(uri: Uri): Promise<string> {
  return new TextDecoder().decode(await workspace.fs.readFile(uri));
}
