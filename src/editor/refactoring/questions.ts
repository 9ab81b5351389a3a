import { type QuickPickItem, window } from 'vscode';
import type { Answers, Question } from '../../core/refactor/refactoring.ts';
import { chosenAnswer, noOtherAnswers, proposedAnswer, whichAnswer, wish } from './wording.ts';
import type { RefactorKind } from '../../core/refactor/refactors.ts';

interface AnswerItem extends QuickPickItem {
  readonly value: string;
}

/** Asks one question, with the proposed answer first. Undefined where the user lets it be. */
export async function askQuestion(kind: RefactorKind, question: Question): Promise<string | undefined> {
  const { prompt, detail, choices, default: proposed } = question;
  if (choices === undefined) {
    return await window.showInputBox({
      title: wish(kind),
      prompt: `${prompt} ${detail}`,
      value: proposed,
      ignoreFocusOut: true,
    });
  }
  const items = choices.map(({ value, label }): AnswerItem =>
    value === proposed ? { label, value, description: proposedAnswer(), detail } : { label, value },
  );
  const chosen = await window.showQuickPick<AnswerItem>(
    [...items.filter(({ value }) => value === proposed), ...items.filter(({ value }) => value !== proposed)],
    { title: wish(kind), placeHolder: prompt, ignoreFocusOut: true },
  );
  return chosen?.value;
}

/** Asks which of the decisions to change, and how. Undefined where the user lets them be. */
export async function changeAnswer(kind: RefactorKind, options: readonly Question[]): Promise<Answers | undefined> {
  if (options.length === 0) {
    await window.showInformationMessage(noOtherAnswers());
    return undefined;
  }
  const items = options.map((question) => {
    const { prompt, detail, choices, default: now } = question;
    const label = choices?.find(({ value }) => value === now)?.label ?? now;
    return { label: prompt, description: `${label} (${chosenAnswer()})`, detail, question };
  });
  const [only] = items;
  const chosen =
    items.length === 1
      ? only
      : await window.showQuickPick(items, { title: wish(kind), placeHolder: whichAnswer(), ignoreFocusOut: true });
  const value = chosen && (await askQuestion(kind, chosen.question));
  return value === undefined ? undefined : { [chosen!.question.key]: value };
}
