/**
 * Walks a build context of 200,000 files and answers what `COPY . .` sends of it, beside the bare walk; and prints
 * what a change costs afterwards. Run by `npm run bench` or alone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ContextQuestion } from '../../src/core/estimate/context/contextQuestion.ts';
import { OpenContext } from '../../src/sources/context/openContext.ts';
import { walkContext } from '../../src/sources/context/walk.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

const [folders, filesEach] = [2000, 100];
const ignoreText = '.git\n**/*.log\nfolder-1*/file-1*\n!folder-11/file-11\n';
const question: ContextQuestion = { kind: 'copy', sources: ['.'], excludes: [], unpacks: false };

await using context = await temporaryFolder();
for (let folder = 0; folder < folders; folder++) {
  const at = path.join(context.path, `folder-${folder % 50}`, `inner-${folder}`);
  mkdirSync(at, { recursive: true });
  for (let file = 0; file < filesEach; file++) writeFileSync(path.join(at, `file-${file}`), 'x');
}

function time<T>(title: string, work: () => T): T {
  const began = performance.now();
  const result = work();
  console.log(`${title.padEnd(48)} ${(performance.now() - began).toFixed(0).padStart(6)} ms`);
  return result;
}

const opened = new OpenContext(context.path);
time('bare walk, 200,000 files', () => [...walkContext(context.path)].length);
time('walk into a tree', () => [...opened.walk()].length);
time('COPY . . under an ignore file', () => opened.answer(question, ignoreText));
time('the same again', () => opened.answer(question, ignoreText));
time('one folder changed', () => {
  Array.from(opened.refresh('folder-0/inner-0'));
  return opened.answer(question, ignoreText);
});
time('what each pattern keeps out', () => opened.answer({ kind: 'exclusions' }, ignoreText));
