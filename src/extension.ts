import { type ExtensionContext, window } from 'vscode';
import { parseDockerfile } from './core/dockerfile/parse.ts';
import { registerBaseMenu } from './editor/commands/baseMenu.ts';
import { registerChooseAlternative } from './editor/commands/chooseAlternative.ts';
import { registerExplore } from './editor/commands/explore.ts';
import { registerPreviewCommands } from './editor/commands/preview.ts';
import { registerProve } from './editor/commands/prove.ts';
import { registerRefresh } from './editor/commands/refresh.ts';
import { DockerfileDocuments } from './editor/documents.ts';
import { registerActiveContext } from './editor/features/activeContext.ts';
import { watchLayoutFolders } from './editor/explorer/layoutFolders.ts';
import { registerCodeLens } from './editor/features/codeLens.ts';
import { registerEngineNotice } from './editor/features/engineNotice.ts';
import { registerHover } from './editor/features/hover.ts';
import { registerStatusBar } from './editor/features/statusBar.ts';
import { registerWhileEnabled } from './editor/features/toggle.ts';
import { registerWeighing } from './editor/features/weighing.ts';
import { Guard } from './editor/guard.ts';
import { Previews } from './editor/preview.ts';
import { readSettings } from './editor/settings.ts';
import { SizeSources } from './editor/sizeSources.ts';
import { StageBases } from './editor/stageBases.ts';

/** Builds the services and registers the features; each asks for what it needs when VS Code asks it. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('Plimsoll', { log: true });
  const guard = new Guard(log);
  const sources = new SizeSources(context.globalStorageUri);
  const documents = new DockerfileDocuments(parseDockerfile, ({ uri }) => readSettings(uri, sources.platform));
  const bases = new StageBases(documents, sources);
  const previews = new Previews();

  context.subscriptions.push(
    log,
    sources,
    bases,
    previews,
    registerWhileEnabled('codeLens', () => registerCodeLens(bases, guard)),
    registerWhileEnabled('hover', () => registerHover(bases, guard)),
    registerWhileEnabled('statusBar', () => registerStatusBar(bases, sources, guard)),
    registerEngineNotice(sources),
    registerWeighing({ context, documents, bases, sources, previews, guard }),
    registerActiveContext(),
    registerBaseMenu(bases, previews, guard),
    registerChooseAlternative(bases, previews, guard),
    registerRefresh(bases, sources, guard),
    registerPreviewCommands(previews, guard),
    registerExplore({ extension: context.extensionUri, bases, documents, sources, guard }),
    registerProve({ extension: context.extensionUri, sources, previews, guard }),
    watchLayoutFolders(guard),
  );
}
