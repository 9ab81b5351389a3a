import { expect, it } from 'vitest';
import { refactoringText } from '../../../src/cli/print/refactoring.ts';
import { plain } from '../../../src/cli/terminal.ts';
import { type Refactoring, refusal } from '../../../src/core/refactor/refactoring.ts';

it.each<[string, Refactoring, string]>([
  [
    'a question with choices',
    {
      kind: 'inquiry',
      questions: [
        {
          key: 'shell',
          prompt: 'Keep a shell?',
          detail: 'For looking inside.',
          default: 'no',
          choices: [
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ],
        },
      ],
    },
    'D: Keep a shell? For looking inside.\n    --assume shell=no  No (the default)\n    --assume shell=yes  Yes\n',
  ],
  [
    'a question for any text, quoted as a shell wants it',
    { kind: 'inquiry', questions: [{ key: 'file', prompt: 'Which?', detail: 'It.', default: "it's a b" }] },
    `D: Which? It.\n    --assume file='it'\\''s a b'  (the default)\n`,
  ],
  ['a refusal', refusal('no', 'Not here.'), 'D: Not here.\n'],
  [
    'a refusal with a line and a way out',
    refusal('no', 'Not here.', { line: 7, unblock: 'Give it a default.' }),
    'D:7: Not here. Give it a default.\n',
  ],
])('%s', (_title, refactoring, text) => expect(refactoringText('D', refactoring, plain)).toBe(text));
