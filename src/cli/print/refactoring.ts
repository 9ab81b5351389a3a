import { formatChange } from '../../core/refactor/formatChange.ts';
import type { Note, Proposal, Question, Refactoring } from '../../core/refactor/refactoring.ts';
import type { Paint } from '../terminal.ts';

const kinds: Readonly<Record<Note['kind'], string>> = {
  moved: 'moved',
  checked: 'checked',
  changed: 'changed',
  assumed: 'assumed',
  test: 'to test',
};

/** What standard error says of a refactoring: why it looks as it does, what could be otherwise, or what stands in its way. */
export function refactoringText(name: string, refactoring: Refactoring, paint: Paint): string {
  switch (refactoring.kind) {
    case 'proposal':
      return proposalText(name, refactoring, paint);
    case 'inquiry':
      return refactoring.questions
        .map(
          (question) =>
            `${paint('yellow', `${name}:`)} ${question.prompt} ${question.detail}\n${assumeLines(question)}`,
        )
        .join('');
    case 'refusal': {
      const { line, message, unblock } = refactoring;
      const place = line === undefined ? name : `${name}:${line}`;
      return `${paint('yellow', `${place}:`)} ${message}${unblock === undefined ? '' : ` ${unblock}`}\n`;
    }
  }
}

function proposalText(name: string, proposal: Proposal, paint: Paint): string {
  const { title, notes, options } = proposal;
  const sizes = formatChange(proposal);
  const lines = [
    `${paint('bold', `${name}: ${title}`)}${sizes === undefined ? '' : ` (${sizes})`}`,
    ...notes.map(({ kind, text, line }) => {
      const place = line === undefined ? '' : ` (line ${line})`;
      return `  ${paint('dim', kinds[kind].padEnd(8))} ${text}${place}`;
    }),
    ...(options.length > 0 ? ['It could be otherwise:'] : []),
  ];
  return `${lines.join('\n')}\n${options.map((question) => `  ${question.prompt} ${question.detail}\n${assumeLines(question)}`).join('')}`;
}

/** What to give on the command line: the default first, then every other answer. */
function assumeLines({ key, default: proposed, choices }: Question): string {
  const others = (choices ?? []).filter(({ value }) => value !== proposed);
  const label = choices?.find(({ value }) => value === proposed)?.label;
  const line = (value: string, remark: string | undefined): string =>
    `    --assume ${key}=${quoted(value)}${remark === undefined ? '' : `  ${remark}`}\n`;
  return [
    line(proposed, label === undefined ? '(the default)' : `${label} (the default)`),
    ...others.map((choice) => line(choice.value, choice.label)),
  ].join('');
}

/** As a shell takes it for one word. */
function quoted(value: string): string {
  return /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
