import type { TextDocument } from 'vscode';
import type { Dockerfile, ParseOptions } from '../core/dockerfile/model.ts';

/**
 * The models of open Dockerfiles: each version of a document is parsed once, for whoever asks, and again only when the
 * options (build arguments, platform) change. A document that is closed is forgotten with its model.
 */
export class DockerfileDocuments {
  readonly #parse: (text: string, options: ParseOptions) => Dockerfile;
  readonly #optionsFor: (document: TextDocument) => ParseOptions;
  readonly #models = new WeakMap<TextDocument, { version: number; options: string; model: Dockerfile }>();

  constructor(
    parse: (text: string, options: ParseOptions) => Dockerfile,
    optionsFor: (document: TextDocument) => ParseOptions,
  ) {
    this.#parse = parse;
    this.#optionsFor = optionsFor;
  }

  /** The model of the document as it is now. */
  get(document: TextDocument): Dockerfile {
    const options = this.#optionsFor(document);
    const key = JSON.stringify(options);
    const known = this.#models.get(document);
    if (known?.version === document.version && known.options === key) return known.model;
    const model = this.#parse(document.getText(), options);
    this.#models.set(document, { version: document.version, options: key, model });
    return model;
  }
}
