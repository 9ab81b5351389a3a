import type { DocumentSelector, TextDocument } from 'vscode';

/** The documents that Plimsoll speaks about: what VS Code takes for a Dockerfile, wherever it lies. */
export const dockerfiles: DocumentSelector = { language: 'dockerfile' };

/**
 * VS Code takes `Dockerfile.dockerignore` for a Dockerfile by the pattern `Dockerfile.*`; it is the ignore file of one.
 */
export function isDockerfile(document: TextDocument): boolean {
  return document.languageId === 'dockerfile' && !document.uri.path.toLowerCase().endsWith('.dockerignore');
}
