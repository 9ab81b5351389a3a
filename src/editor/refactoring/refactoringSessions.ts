import {
  commands,
  type Disposable,
  env,
  ProgressLocation,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { baseName } from '../../core/program/fileSystem.ts';
import type { Answers, FileText, Proposal, Question, Refactoring, Refusal } from '../../core/refactor/refactoring.ts';
import type { RefactorKind } from '../../core/refactor/refactors.ts';
import type { OtherFile, Previews } from '../preview.ts';
import { previewRefusal } from '../wording.ts';
import type { DocumentRefactorings, Wish } from './documentRefactorings.ts';
import { askQuestion, changeAnswer } from './questions.ts';
import { rationalePage } from './rationalePage.ts';
import { RationalePanel } from './rationalePanel.ts';
import {
  comparisonTitle,
  fileComparisonTitle,
  goToLine,
  rationaleTitle,
  refusalMessage,
  workingOnIt,
} from './wording.ts';

/** A change that the user looks at. */
export interface Session {
  readonly uri: Uri;
  readonly wish: Wish;
  readonly answers: Answers;
  /** What was asked or decided by default, with the answer that holds now as its default. */
  readonly questions: readonly Question[];
  readonly proposal: Proposal;
  readonly others: readonly OtherFile[];
}

/** More questions than these no refactoring has; one that goes on asking would never end. */
const mostQuestions = 20;

/**
 * From the wish to the change: asks what must be asked, shows the comparison with the rationale beside it, and has it
 * applied. One session for each document.
 */
export class RefactoringSessions implements Disposable {
  readonly #refactorings: DocumentRefactorings;
  readonly #previews: Previews;
  readonly #contextOf: (document: TextDocument) => Uri;
  readonly #sessions = new Map<string, Session>();
  readonly #panel: RationalePanel;

  /** @param contextOf the build context of a document. */
  constructor(refactorings: DocumentRefactorings, previews: Previews, contextOf: (document: TextDocument) => Uri) {
    this.#refactorings = refactorings;
    this.#previews = previews;
    this.#contextOf = contextOf;
    this.#panel = new RationalePanel();
  }

  /** The session of a document, by its address. */
  get(uri: string): Session | undefined {
    return this.#sessions.get(uri);
  }

  /** @param before the session that this one goes on from. */
  async start(document: TextDocument, wish: Wish, before?: Pick<Session, 'answers' | 'questions'>): Promise<void> {
    const found = await this.#answered(document, wish, before);
    if (found === undefined) return;
    const { refactoring, answers, questions } = found;
    if (refactoring.kind === 'refusal') await this.#refuse(document, wish.kind, refactoring);
    else await this.#show(document, { wish, answers, questions, proposal: refactoring });
  }

  /** Has one of the decisions of a change made otherwise, and shows what comes of it. */
  async changeAnswers({ uri, wish, answers, questions }: Session): Promise<void> {
    const changed = await changeAnswer(wish.kind, questions);
    if (changed !== undefined) {
      const document = await workspace.openTextDocument(uri);
      await this.start(document, wish, { answers: { ...answers, ...changed }, questions });
    }
  }

  async apply({ uri }: Session): Promise<void> {
    const document = await workspace.openTextDocument(uri);
    const applied = await this.#previews.apply(this.#previews.addressOf(document));
    if (applied !== 'applied') await window.showWarningMessage(previewRefusal(applied));
  }

  async discard({ uri }: Session): Promise<void> {
    await this.#previews.discard(this.#previews.addressOf(await workspace.openTextDocument(uri)));
  }

  async showFile({ uri, others }: Session, path: string): Promise<void> {
    const document = await workspace.openTextDocument(uri);
    const other = others.find((file) => file.uri.path === Uri.joinPath(this.#contextOf(document), path).path);
    if (other !== undefined) {
      await this.#previews.showOther(document, other, fileComparisonTitle(path, other.before === undefined));
    }
  }

  dispose(): void {
    this.#panel.dispose();
    this.#sessions.clear();
  }

  /** The refactoring with what the user answers; undefined where the user gives up. */
  async #answered(
    document: TextDocument,
    wish: Wish,
    before?: Pick<Session, 'answers' | 'questions'>,
  ): Promise<{ refactoring: Proposal | Refusal; answers: Answers; questions: readonly Question[] } | undefined> {
    const answers: Record<string, string> = { ...before?.answers };
    const questions = new Map((before?.questions ?? []).map((question) => [question.key, question]));
    for (let asked = 0; asked <= mostQuestions; asked++) {
      const refactoring = await this.#refactor(document, wish, answers);
      if (refactoring === undefined) return undefined;
      const open = refactoring.kind === 'inquiry' ? refactoring.questions : [];
      const decided = refactoring.kind === 'proposal' ? refactoring.options : [];
      for (const question of [...open, ...decided]) questions.set(question.key, question);
      if (refactoring.kind !== 'inquiry') {
        const standing = [...questions.values()].filter(
          ({ key }) => key in answers || decided.some((q) => q.key === key),
        );
        const now = standing.map((question) => ({ ...question, default: answers[question.key] ?? question.default }));
        return { refactoring, answers, questions: now };
      }
      const [question] = open;
      const answer = question && (await askQuestion(wish.kind, question));
      if (answer === undefined) return undefined;
      answers[question!.key] = answer;
    }
    throw new Error(`${wish.kind} asks without end.`);
  }

  async #refactor(document: TextDocument, wish: Wish, answers: Answers): Promise<Refactoring | undefined> {
    return await window.withProgress({ location: ProgressLocation.Window, title: workingOnIt() }, () =>
      this.#refactorings.refactor(document, wish, answers),
    );
  }

  async #refuse(document: TextDocument, kind: RefactorKind, refusal: Refusal): Promise<void> {
    const { line } = refusal;
    const buttons = line === undefined ? [] : [goToLine(line)];
    const pressed = await window.showWarningMessage(refusalMessage(kind, refusal), ...buttons);
    if (pressed !== undefined && line !== undefined) await revealLine(document, line);
  }

  async #show(document: TextDocument, found: Omit<Session, 'uri' | 'others'>): Promise<void> {
    const { wish, questions, proposal } = found;
    const key = document.uri.toString();
    const others = await Promise.all(proposal.files.map((file) => this.#otherFile(document, file)));
    const session: Session = { ...found, uri: document.uri, others };
    const name = fileName(document);
    this.#sessions.set(key, session);
    this.#tellMenus();
    await this.#previews.show(document, proposal.edits, comparisonTitle(name, proposal), {
      others,
      isCurrent: () => this.#isCurrent(session),
      renew: async () => this.start(await workspace.openTextDocument(session.uri), wish, found),
      closed: async () => {
        if (this.#sessions.get(key) === session) {
          this.#sessions.delete(key);
          this.#tellMenus();
        }
        // The same change shown anew takes the place of this one, and its panel stays.
        if (!this.#sessions.has(key)) await this.#panel.close(key);
      },
    });
    const told = { ...proposal, options: questions };
    const page = rationalePage(told, this.#panel.links(key, told), env.language);
    this.#panel.show(key, rationaleTitle(name), page);
  }

  /** The title bar of a comparison has a button more where the comparison is a refactoring's. */
  #tellMenus(): void {
    void commands.executeCommand('setContext', 'plimsoll.refactoringShown', this.#sessions.size > 0);
  }

  async #otherFile(document: TextDocument, { path, text }: FileText): Promise<OtherFile> {
    const uri = Uri.joinPath(this.#contextOf(document), path);
    const before = await textOf(uri);
    return { uri, text, ...(before === undefined ? {} : { before }) };
  }

  async #isCurrent({ uri, wish, answers, proposal, others }: Session): Promise<boolean> {
    const document = await workspace.openTextDocument(uri);
    const now = await this.#refactorings.refactor(document, wish, answers);
    if (now?.kind !== 'proposal') return false;
    const texts = await Promise.all(others.map((other) => textOf(other.uri)));
    return (
      JSON.stringify([now.edits, now.files]) === JSON.stringify([proposal.edits, proposal.files]) &&
      others.every(({ before }, at) => before === texts[at])
    );
  }
}

/** Undefined for a file that is not there. */
async function textOf(uri: Uri): Promise<string | undefined> {
  try {
    await workspace.fs.stat(uri);
  } catch {
    return undefined; // Then it is made.
  }
  return (await workspace.openTextDocument(uri)).getText();
}

export async function revealLine(document: TextDocument, line: number): Promise<void> {
  const { range } = document.lineAt(Math.min(line, document.lineCount) - 1);
  await window.showTextDocument(document, { viewColumn: ViewColumn.One, selection: range });
}

function fileName({ uri }: TextDocument): string {
  return baseName(uri.path);
}
