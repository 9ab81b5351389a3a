import { Disposable, type ExtensionContext, Uri } from 'vscode';
import { AptGraphs } from '../../sources/apt/aptGraphs.ts';
import { BuildContexts } from '../../sources/context/buildContexts.ts';
import { ImageReader } from '../../sources/estimate/imageReader.ts';
import { indexInWorkers } from '../../sources/image/workerIndexing.ts';
import { NpmPackages } from '../../sources/npm/npmPackages.ts';
import { BuiltImageReader } from '../../sources/prove/builtImageReader.ts';
import { registerLinkImage } from '../commands/linkImage.ts';
import { registerCodeActions } from '../features/codeActions.ts';
import { registerContextDiagnostics } from '../features/contextDiagnostics.ts';
import { registerDiagnostics } from '../features/diagnostics.ts';
import { registerGutterBar } from '../features/gutterBar.ts';
import { registerIgnoreDiagnostics } from '../features/ignoreDiagnostics.ts';
import { registerIgnoreHover } from '../features/ignoreHover.ts';
import { registerInlayHints } from '../features/inlayHints.ts';
import { registerServiceLens } from '../features/serviceLens.ts';
import { registerWhileEnabled } from '../features/toggle.ts';
import { registerWeightHover } from '../features/weightHover.ts';
import { registerWeightLens } from '../features/weightLens.ts';
import type { Previews } from '../preview.ts';
import type { SizeSources } from '../sizeSources.ts';
import { startRefactoring } from '../refactoring/start.ts';
import { ContextFolders } from './contextFolders.ts';
import { DocumentFindings } from './documentFindings.ts';
import { ImageLinks } from './imageLinks.ts';
import { DocumentWeights, type WeightDeps } from './documentWeights.ts';

export type WeighingDeps = Pick<WeightDeps, 'documents' | 'bases' | 'guard'> & {
  readonly context: ExtensionContext;
  readonly sources: SizeSources;
  readonly previews: Previews;
};

/**
 * Builds what weighs instructions and finds size smells, and registers its features. A bundle of its own: the rules, the
 * estimates and the package graph's reader are loaded when the editor has started.
 */
export function startWeighing({ context, previews, ...deps }: WeighingDeps): Disposable {
  const { guard, sources } = deps;
  const file = (...parts: string[]): string => Uri.joinPath(context.extensionUri, ...parts).fsPath;
  const folders = new ContextFolders(new BuildContexts(file('dist', 'sources-context-worker.cjs')));
  const indexing = indexInWorkers(file('dist', 'sources-image-worker.cjs'), 1);
  const reader = new ImageReader({ sources: () => sources.images, indexes: sources.layerIndexes, indexing });
  const builtReader = new BuiltImageReader({ indexing, cache: sources.layerIndexes });
  const npm = new NpmPackages({ cache: sources.cache });
  const links = new ImageLinks(context.workspaceState);
  const graphs = new AptGraphs(file('media', 'apt'));
  const weights = new DocumentWeights({ ...deps, folders, graphs, reader, npm, links });
  const findings = new DocumentFindings(weights, sources);
  return Disposable.from(
    folders,
    weights,
    links,
    new Disposable(() => npm[Symbol.dispose]()),
    new Disposable(() => void indexing[Symbol.asyncDispose]()),
    registerLinkImage({ documents: deps.documents, weights, links, sources, guard }),
    registerWhileEnabled('gutter', () => registerGutterBar(weights, guard)),
    registerWhileEnabled('inlayHints', () => registerInlayHints(weights, guard)),
    registerWhileEnabled('hover', () =>
      Disposable.from(registerWeightHover(weights, guard), registerIgnoreHover(folders, guard)),
    ),
    // Before the lens of weights: of several above one line the one that was registered last comes first.
    startRefactoring({ documents: deps.documents, weights, folders, sources, reader: builtReader, previews, guard }),
    registerWhileEnabled('codeLens', () =>
      Disposable.from(registerWeightLens(weights, guard), registerServiceLens({ weights, sources, guard })),
    ),
    registerWhileEnabled('findings', () =>
      Disposable.from(
        registerDiagnostics(findings, weights, guard),
        registerCodeActions(findings, previews, guard),
        registerContextDiagnostics(weights, guard),
        registerIgnoreDiagnostics(folders, guard),
      ),
    ),
  );
}
