import {
  CodeLens,
  type CodeLensProvider,
  Disposable,
  type DocumentSelector,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { parseReference } from '../../core/base/reference.ts';
import { readComposeFile } from '../../core/compose/composeFile.ts';
import { readDevcontainerFile } from '../../core/compose/devcontainerFile.ts';
import type { ServiceImage } from '../../core/compose/serviceImage.ts';
import type { ImageBaseView } from '../bases.ts';
import type { Guard } from '../guard.ts';
import { readSettings } from '../settings.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import { finalTitle, finalTooltip } from '../weighing/wording.ts';
import { lensTitle, lensTooltip } from '../wording.ts';

const composeFiles: DocumentSelector = { pattern: '**/{compose,docker-compose}{.yml,.yaml,.*.yml,.*.yaml}' };
const devcontainerFiles: DocumentSelector = { pattern: '**/{devcontainer,.devcontainer}.json' };

export interface ServiceLensDeps {
  readonly weights: DocumentWeights;
  readonly sources: Pick<SizeSources, 'chain' | 'platform' | 'onDidChange'>;
  readonly guard: Guard;
}

/** Above the images of Compose files and development containers what they weigh; above builds what the Dockerfile makes. */
export function registerServiceLens({ weights, sources, guard }: ServiceLensDeps): Disposable {
  const changed = new EventEmitter<void>();
  const chain = sources.chain.onChange(() => changed.fire());
  const providerOf = (read: (text: string) => readonly ServiceImage[]): CodeLensProvider => ({
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: (document) =>
      guard.runAsync('service lens', () =>
        Promise.all(read(document.getText()).map((service) => lensOf(document, service, weights, sources))).then(
          (lenses) => lenses.filter((lens) => lens !== undefined),
        ),
      ),
  });
  return Disposable.from(
    changed,
    new Disposable(() => chain[Symbol.dispose]()),
    weights.onDidChange(() => changed.fire()),
    sources.onDidChange(() => changed.fire()),
    languages.registerCodeLensProvider(composeFiles, providerOf(readComposeFile)),
    languages.registerCodeLensProvider(devcontainerFiles, providerOf(readDevcontainerFile)),
  );
}

async function lensOf(
  document: TextDocument,
  service: ServiceImage,
  weights: DocumentWeights,
  sources: ServiceLensDeps['sources'],
): Promise<CodeLens | undefined> {
  const { start, end } = service.span;
  const range = new Range(document.positionAt(start), document.positionAt(end));
  const lens = (title: string, tooltip: string): CodeLens => new CodeLens(range, { title, tooltip, command: '' });
  if (service.kind === 'image') {
    const view = viewOf(document, service.reference, sources);
    return view && lens(lensTitle(view), lensTooltip(view));
  }
  const dockerfile = await openDockerfile(Uri.joinPath(document.uri, '..', service.context, service.dockerfile));
  const weighed = dockerfile && weights.of(dockerfile);
  if (weighed === undefined) return undefined;
  const { stages } = weighed.dockerfile;
  const target = service.target?.toLowerCase();
  const stage = stages.find(({ name, index, isFinal }) =>
    target === undefined ? isFinal : name === target || String(index) === target,
  );
  if (stage === undefined) return undefined;
  const image = { size: weighed.sizes[stage.index], pending: weighed.pending };
  return lens(finalTitle(image), finalTooltip(image.size));
}

/** Undefined for a text that is no reference. */
function viewOf(document: TextDocument, text: string, sources: ServiceLensDeps['sources']): ImageBaseView | undefined {
  const parsed = parseReference(text);
  if (!('reference' in parsed)) return undefined;
  const { reference } = parsed;
  const { platform } = readSettings(document.uri, sources.platform);
  sources.chain.request(reference, platform);
  return { kind: 'image', text, reference, platform, known: sources.chain.known(reference, platform) };
}

/** Undefined where there is none, or it is outside the workspace: another's file may name any file of the machine. */
async function openDockerfile(uri: Uri): Promise<TextDocument | undefined> {
  if (workspace.getWorkspaceFolder(uri) === undefined) return undefined;
  try {
    await workspace.fs.stat(uri);
  } catch {
    return undefined; // Not there: Compose will say so.
  }
  return await workspace.openTextDocument(uri);
}
