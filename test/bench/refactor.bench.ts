/**
 * From the wish to the preview, for a context of 10,000 files: walking it, listing it under its ignore file, and the
 * refactoring with the texts that it asks for; and what asking again costs. Run by `npm run bench` or alone.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { type RefactorKind, refactorKinds, refactors } from '../../src/core/refactor/refactors.ts';
import { OpenContext } from '../../src/sources/context/openContext.ts';
import { openProject, refactorWith } from '../../src/sources/project/projectFiles.ts';
import { temporaryFolder } from '../helpers/temporaryFolder.ts';

const text = `FROM golang:1.26-bookworm
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -o /hello .
CMD ["/hello"]
`;
const options = { platform: 'linux/amd64', today: '2026-11-21', answers: {} };
const { signal } = new AbortController();

await using folder = await temporaryFolder();
for (let at = 0; at < 100; at++) {
  const inner = path.join(folder.path, `package${at % 10}`, `part${at}`);
  mkdirSync(inner, { recursive: true });
  for (let file = 0; file < 100; file++) writeFileSync(path.join(inner, `file${file}.go`), `package part${at}\n`);
}
writeFileSync(path.join(folder.path, 'Dockerfile'), text);
writeFileSync(path.join(folder.path, 'main.go'), 'package main\n\nfunc main() {}\n');
writeFileSync(path.join(folder.path, 'go.mod'), 'module hello\n\ngo 1.26\n');
writeFileSync(path.join(folder.path, '.dockerignore'), '**/*.log\n.git\n');

async function time<T>(title: string, work: () => T | Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  console.log(`${title.padEnd(56)} ${(performance.now() - began).toFixed(1).padStart(8)} ms`);
  return result;
}

const place = { dockerfile: path.join(folder.path, 'Dockerfile'), context: folder.path, root: folder.path };
const context = new OpenContext(folder.path);
const walked = await time('walking the context, 10,004 files', () => [...context.walk()].length);
console.log(`  ${walked} folders`);
const open = () =>
  openProject(place, (ignoreText, question) => Promise.resolve(context.answer(question, ignoreText)), signal);
const files = await time('opening the project: files, sizes, consumers', open);
const preview = (kind: RefactorKind) => () =>
  refactorWith(files, (project) => refactors[kind](parseDockerfile(text), project, options), signal);
for (const kind of refactorKinds) {
  const first = await time(`${kind}: the preview, texts read on the way`, preview(kind));
  await time(`${kind}: again (${first.kind})`, preview(kind));
}
