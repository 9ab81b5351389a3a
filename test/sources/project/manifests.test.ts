import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Refactor } from '../../../src/core/refactor/inOrder.ts';
import type { Refactoring } from '../../../src/core/refactor/refactoring.ts';
import { refactors, swapTo } from '../../../src/core/refactor/refactors.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { applyEdits } from '../../../src/core/text.ts';
import { openProject, refactorWith } from '../../../src/sources/project/projectFiles.ts';
import { projectFolder, walkedContext } from '../../helpers/projectFolder.ts';
import { refactorOptions } from '../../helpers/refactorProject.ts';

const { signal } = new AbortController();
type Files = Readonly<Record<string, string>>;

/** What a refactoring says of the Dockerfile of a project folder. */
async function refactored(
  files: Files & { readonly Dockerfile: string },
  refactor: Refactor,
  answers: Readonly<Record<string, string>> = {},
): Promise<Refactoring> {
  await using folder = await projectFolder(files);
  const place = { dockerfile: path.join(folder.path, 'Dockerfile'), context: folder.path, root: folder.path };
  const project = await openProject(place, walkedContext(folder.path), signal);
  const dockerfile = parseDockerfile(files.Dockerfile, {});
  return await refactorWith(project, (at) => refactor(dockerfile, at, refactorOptions(answers)), signal);
}

/** The file afterwards, or the code of the refusal. */
function after({ Dockerfile }: { readonly Dockerfile: string }, result: Refactoring): string {
  if (result.kind === 'proposal') return applyEdits(Dockerfile, result.edits);
  return result.kind === 'refusal' ? result.code : JSON.stringify(result.questions);
}

function notes(result: Refactoring): readonly string[] {
  return result.kind === 'proposal' ? result.notes.map(({ text }) => text) : [JSON.stringify(result)];
}

/** A pod with one container of an image. */
function pod(image: string, fields: string): string {
  return `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: ${image}\n      ${fields}\n`;
}

const go: Files & { readonly Dockerfile: string } = {
  Dockerfile: 'FROM golang:1.24-trixie\nWORKDIR /app\nCOPY . .\nRUN go build -o bin/gauge .\nCMD ["bin/gauge"]\n',
  'go.mod': 'module example.org/gauge\n',
  'main.go': 'package main\n\nfunc main() {}\n',
  Makefile: 'image:\n\tdocker build -t acme/web .\n',
};
const toMultistage = refactors['multi-stage'];
const inPod = (fields: string): Files & { readonly Dockerfile: string } => ({
  ...go,
  'k8s/web.yaml': pod('acme/web', fields),
});
const inCompose = (fields: string): Files & { readonly Dockerfile: string } => ({
  ...go,
  'compose.yaml': `services:\n  web: { build: ., ${fields} }\n`,
});

describe('a folder that a container is started in', () => {
  const copy = 'COPY --from=build /app/bin/gauge /app/bin/gauge';
  const inner: Files = { 'conf/a.conf': 'a', 'assets/a.txt': 'a' };
  it.each<[string, string, string, string]>([
    ['its command', 'workingDir: /app/bin, command: [./gauge]', 'working_dir: /app/bin, entrypoint: [./gauge]', copy],
    [
      'a command that is elsewhere',
      'workingDir: /srv, command: [./gauge]',
      'working_dir: /srv, entrypoint: [./gauge]',
      'unknown-tool',
    ],
    ['the command of the image, which is elsewhere', 'workingDir: /srv', 'working_dir: /srv', 'unknown-tool'],
    [
      'an absolute command',
      'workingDir: /srv/x/, command: [/app/bin/gauge]',
      'working_dir: /srv/x/, entrypoint: [/app/bin/gauge]',
      'WORKDIR /srv/x\nWORKDIR /app\n',
    ],
    [
      'data of the project',
      'workingDir: /app/conf, command: [/app/bin/gauge]',
      'working_dir: /app/conf, entrypoint: [/app/bin/gauge]',
      'COPY --from=build /app/conf /app/conf',
    ],
  ])('%s', async (_title, podFields, composeFields, expected) => {
    for (const files of [inPod(podFields.replaceAll(', ', '\n      ')), inCompose(composeFields)]) {
      const all = { ...files, ...inner };
      expect(after(all, await refactored(all, toMultistage))).toContain(expected);
    }
  });

  it('without one nothing of that is there', async () => {
    const files = { ...inPod('command: [/app/bin/gauge]'), ...inner };
    const text = after(files, await refactored(files, toMultistage));
    expect(text).toContain(copy);
    expect(text).not.toMatch(/\/srv|\/app\/conf/);
  });

  it('a probe is looked for there, and does not start what the image starts', async () => {
    const probe = (command: string): Files & { readonly Dockerfile: string } =>
      inPod(
        `workingDir: /app/bin\n      command: [/app/bin/gauge]\n      livenessProbe: { exec: { command: [${command}] } }`,
      );
    const files = probe('./gauge, ping');
    expect(after(files, await refactored(files, toMultistage))).toContain(copy);
    expect(await refactored(probe('bin/gauge'), toMultistage)).toMatchObject({
      kind: 'refusal',
      code: 'unknown-tool',
      message: expect.stringContaining('/app/bin/bin/gauge') as string,
    });
  });

  it('that only they use is made, and the image keeps its own', async () => {
    const files = {
      ...inPod('workingDir: /srv/x\n      command: [/app/bin/gauge]'),
      Dockerfile:
        'FROM golang:1.24-trixie\nRUN mkdir /app\nCOPY . /app\nRUN cd /app && go build -o bin/gauge .\nCMD ["/app/bin/gauge"]\n',
    };
    const result = await refactored(files, toMultistage);
    expect(after(files, result)).toContain('WORKDIR /srv/x\nWORKDIR /go\n');
    expect(notes(result)).toContain(
      'WORKDIR makes `/srv/x`, where container web (k8s/web.yaml, line 5) starts the image.',
    );
  });

  it('a script there is read', async () => {
    const files = {
      ...inPod('workingDir: /app/ops\n      command: [./start.sh]'),
      'ops/start.sh': '#!/bin/sh\ncurl a\nexec ../bin/gauge\n',
    };
    expect(after(files, await refactored(files, toMultistage))).toContain('curl');
  });
});

describe('a conversion that starts the program otherwise', () => {
  const next = (fields: string): Files & { readonly Dockerfile: string } => ({
    Dockerfile: 'FROM node:20-trixie\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nCMD ["npm", "start"]\n',
    'package.json': JSON.stringify({
      scripts: { build: 'next build', start: 'next start' },
      dependencies: { next: '15.3.3' },
    }),
    'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }',
    'next.config.mjs': "export default { output: 'standalone' };\n",
    'app/page.js': '',
    'public/a.txt': '',
    Makefile: 'image:\n\tdocker build -t acme/web .\n',
    'k8s/web.yaml': pod('acme/web', fields),
  });
  it.each([
    ['in the folder of the image', 'workingDir: /app', 'CMD ["node", "server.js"]'],
    ['in another, where npm may run another script', 'workingDir: /app/b', 'other-folder'],
  ])('%s', async (_title, fields, expected) => {
    const files = next(fields);
    const answers = { 'next-standalone': 'yes' };
    expect(after(files, await refactored(files, toMultistage, answers))).toContain(expected);
  });
});

describe('a swap of the base', () => {
  const node = (consumer: Files): Files & { readonly Dockerfile: string } => ({
    Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["npm", "start"]\n',
    'package.json': '{ "scripts": { "start": "node a.js" } }',
    'a.js': '',
    Makefile: 'image:\n\tdocker build -t acme/web .\n',
    ...consumer,
  });
  const toDistroless = swapTo('gcr.io/distroless/nodejs24-debian13');

  it('npm in another folder may run another script', async () => {
    const result = await refactored(node({ 'k8s/web.yaml': pod('acme/web', 'workingDir: /app/b') }), toDistroless);
    expect(result).toMatchObject({
      kind: 'refusal',
      code: 'start-command',
      message: 'container web (k8s/web.yaml, line 5) starts `npm start` in /app/b, where it may be something else.',
    });
    const same = node({ 'k8s/web.yaml': pod('acme/web', 'workingDir: /app') });
    expect(after(same, await refactored(same, toDistroless))).toContain('CMD ["a.js"]');
  });

  it.each<[string, boolean]>([
    ['/home/node', true],
    ['/app', false],
  ])('in %s, which the file may not make: %s', async (folder, isTold) => {
    const files = {
      ...node({ 'k8s/web.yaml': pod('acme/web', `workingDir: ${folder}`) }),
      Dockerfile: 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "/app/a.js"]\n',
    };
    const told =
      'Container web (k8s/web.yaml, line 5) starts in /home/node, of which nothing in the file tells: if it is a folder of node:24, gcr.io/distroless/nodejs24-debian13 may not have it.';
    expect(notes(await refactored(files, toDistroless)).includes(told)).toBe(isTold);
  });

  it('says the same as a conversion of who may start the image', async () => {
    const told =
      'Container web starts acme/other with a command or a user of its own (k8s/web.yaml, line 5): if that is this image, try it there.';
    const other = { 'k8s/web.yaml': pod('acme/other', 'command: [x]') };
    expect(notes(await refactored(node(other), toDistroless))).toContain(told);
    expect(notes(await refactored({ ...go, ...other }, toMultistage))).toContain(told);
  });
});

describe('a kustomization that renames the image', () => {
  const shell = 'command: [sh, -c, bin/gauge]';
  const kustomization = (name: string, newName: string): Files => ({
    'k8s/kustomization.yaml': `resources: [web.yaml]\nimages:\n  - name: ${name}\n    newName: ${newName}\n`,
  });
  it.each<[string, string, string, string]>([
    ['to its name', 'app', 'acme/web', 'FROM alpine:'],
    ['to another', 'app', 'acme/other', 'FROM gcr.io/distroless/static-debian13'],
  ])('%s', async (_title, name, newName, base) => {
    const files = { ...go, 'k8s/web.yaml': pod('app', shell), ...kustomization(name, newName) };
    expect(after(files, await refactored(files, toMultistage))).toContain(base);
  });

  it('to a name that nobody knows refuses nothing, and is told', async () => {
    const unknown = 'command: [nobody-knows-this]';
    const files = { ...go, 'k8s/web.yaml': pod('acme/web', unknown) };
    expect(after(files, await refactored(files, toMultistage))).toBe('unknown-tool');
    const renamed = { ...files, ...kustomization('acme/web', 'mirror/web') };
    expect(notes(await refactored(renamed, toMultistage))).toContain(
      'Container web starts acme/web as mirror/web with a command or a user of its own (k8s/web.yaml, line 5): if that is this image, try it there.',
    );
  });
});
