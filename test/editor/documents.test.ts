import { expect, test } from 'vitest';
import type { TextDocument } from 'vscode';
import type { ParseOptions } from '../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { DockerfileDocuments } from '../../src/editor/documents.ts';

function setUp(text: string) {
  let parses = 0;
  let options: ParseOptions = {};
  const document = { version: 1, text, getText: () => document.text };
  const documents = new DockerfileDocuments(
    (source, given) => {
      parses++;
      return parseDockerfile(source, given);
    },
    () => options,
  );
  return {
    document,
    get: () => documents.get(document as unknown as TextDocument),
    setOptions: (given: ParseOptions) => (options = given),
    parses: () => parses,
  };
}

test('however many ask, a document version is parsed once', () => {
  const { get, parses } = setUp('FROM debian:trixie\n');
  const models = [get(), get(), get()];
  expect(parses()).toBe(1);
  expect(new Set(models).size).toBe(1);
});

test('an edit is parsed once more, and its model is the new text’s', () => {
  const { document, get, parses } = setUp('FROM debian:trixie\n');
  get();
  document.text = 'FROM alpine:3.23\n';
  document.version++;
  expect(get().stages[0]!.base).toEqual({ kind: 'image', reference: 'alpine:3.23' });
  get();
  expect(parses()).toBe(2);
});

test('other build arguments give another model of the same version', () => {
  const { get, parses, setOptions } = setUp('ARG V=1\nFROM acme/app:${V}\n');
  expect(get().stages[0]!.base).toEqual({ kind: 'image', reference: 'acme/app:1' });
  setOptions({ buildArgs: { V: '2' } });
  expect(get().stages[0]!.base).toEqual({ kind: 'image', reference: 'acme/app:2' });
  get();
  expect(parses()).toBe(2);
});
