import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatBytes } from '../../src/core/size.ts';
import { importImage, removeImage, startEngine, type TestEngine } from '../helpers/engine.ts';
import { tarOf } from '../helpers/ociImage.ts';
import { pushImage, startRegistry, type TestRegistry } from '../helpers/registry.ts';
import type { EditorPage } from './editorPage.ts';
import { setUpSuite } from './suite.ts';
import { makeWorkspace, type Workspace } from './workspace.ts';

/** Slow enough that the catalogue's answer can be seen before the registry's. Milliseconds for each request. */
const latencyMs = 700;

let registry: TestRegistry;
let engine: TestEngine;
const suite = setUpSuite(async () => {
  registry = await startRegistry({ latencyMs });
  engine = await startEngine();
  return {
    trusted: true,
    settings: { 'plimsoll.registry.mirrors': [`http://${registry.host}`] },
    env: { DOCKER_HOST: engine.host },
  };
});
let workspace: Workspace;
let editor: EditorPage;

beforeAll(async () => {
  workspace = await makeWorkspace();
  editor = await suite.open(workspace.folder, 'README.md');
});
afterAll(async () => {
  await editor[Symbol.asyncDispose]();
  await workspace[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await engine[Symbol.asyncDispose]();
});

test('the catalogue speaks at once, and the registry’s answer takes its place', async () => {
  const { images } = await pushImage(registry, 'library/golang:1.26', { layers: [{ randomBytes: 3_000_000 }] });
  await workspace.write('first/Dockerfile', 'FROM golang:1.26\n');
  registry.requests.length = 0;
  await editor.openFile('first/Dockerfile');
  await editor.expectLenses([/^golang:1\.26 {2}·.*·  catalogue 2026-\d\d$/]);
  const onDisk = formatBytes(images[0]!.onDiskBytes);
  const download = formatBytes(images[0]!.downloadBytes);
  const title = `golang:1.26  ·  ${onDisk} on disk  ·  ${download} download  ·  linux/amd64  ·  registry`;
  await editor.expectLenses([title]);
  await editor.screenshot('registry');
  // However many lenses and hovers there are, a tag is asked for once.
  await editor.hoverAt(1, 8);
  await editor.page.waitForTimeout(2 * latencyMs);
  expect(registry.requests.filter(({ method }) => method === 'HEAD')).toHaveLength(1);
});

test('scratch, a stage and an unresolved variable are nobody’s business', async () => {
  const text = 'ARG V\nFROM scratch AS base\nFROM base\nFROM acme/app:${V}\n';
  await workspace.write('nobody/Dockerfile', text);
  registry.requests.length = 0;
  await editor.openFile('nobody/Dockerfile');
  await editor.expectLenses(['scratch: 0 B', 'from stage base', 'acme/app:${V}  ·  size unknown']);
  await editor.page.waitForTimeout(3 * latencyMs);
  expect(registry.requests).toEqual([]);
});

test('what the registry refuses is said in the tooltip', async () => {
  await workspace.write('absent/Dockerfile', `FROM ${registry.host}/acme/absent:1\n`);
  await editor.openFile('absent/Dockerfile');
  await editor.expectLenses([`${registry.host}/acme/absent:1  ·  size unknown`]);
  expect(await editor.lens('size unknown').getAttribute('title')).toContain('acme/absent');
});

test('an image in the engine is measured, and no longer when it is gone', async () => {
  const name = `${registry.host}/acme/local:1`;
  await pushImage(registry, 'acme/local:1', { layers: [{ randomBytes: 2_000_000 }] });
  await importImage(engine, name, tarOf({ blob: randomBytes(5_000_000) }));
  await workspace.write('local/Dockerfile', `FROM ${name}\n`);
  await editor.openFile('local/Dockerfile');
  await editor.expectLenses([
    /· {2}5 MB on disk {2}· {2}2 MB download {2}· {2}linux\/amd64 {2}· {2}measured \+ registry$/,
  ]);
  await editor.screenshot('measured');
  await removeImage(engine, name);
  await editor.expectLenses([/· {2}2 MB on disk {2}· {2}2 MB download {2}· {2}linux\/amd64 {2}· {2}registry$/]);
});
