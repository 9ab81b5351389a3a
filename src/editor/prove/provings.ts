import {
  commands,
  type Disposable,
  type OutputChannel,
  ProgressLocation,
  type QuickPickItem,
  TabInputCustom,
  TabInputText,
  TabInputWebview,
  Uri,
  window,
  workspace,
} from 'vscode';
import { commandWords } from '../../core/prove/commandWords.ts';
import { headline, proveMarkdown } from '../../core/prove/proveMarkdown.ts';
import type { Engine } from '../../sources/engine/engine.ts';
import { isSourceError } from '../../sources/error.ts';
import { indexInWorkers } from '../../sources/image/workerIndexing.ts';
import { type Proof, prove, type ProveInput, type ProveSide } from '../../sources/prove/prove.ts';
import { commandIds } from '../commands/target.ts';
import { abortOn } from '../explorer/abortOn.ts';
import type { Guard } from '../guard.ts';
import type { Previews } from '../preview.ts';
import { readSettings } from '../settings.ts';
import type { SizeSources } from '../sizeSources.ts';
import { proveSubject, type ProveSubject, type SubjectSide } from './proveSubject.ts';
import {
  channelName,
  commandItem,
  commandPrompt,
  compareButton,
  imagesGone,
  logButton,
  notTrusted,
  optionsPlaceholder,
  proofName,
  proveTitle,
  startDetail,
  startItem,
  stepText,
  verdictText,
} from './wording.ts';

/** What proving needs of the house. */
export interface ProveServices {
  /** The extension's folder. */
  readonly extension: Uri;
  readonly sources: SizeSources;
  readonly previews: Previews;
  readonly guard: Guard;
}

/** Reports have addresses of their own. */
const proofScheme = 'plimsoll-proof';
/** VS Code's own preview, as an editor: https://code.visualstudio.com/docs/languages/markdown */
const previewEditor = 'vscode.markdown.preview.editor';
const explorerView = 'plimsoll.explorer';
const startSeconds = 5;
const commandSeconds = 60;

interface Shown {
  readonly proof: Proof;
  readonly markdown: string;
  /** It has come up: only from then on can it be closed. */
  isOpen: boolean;
  /** Its images were opened in the explorer. */
  isCompared: boolean;
}

/** Proofs that run, and those whose report is open: as long as it is, their images are kept. */
export class Provings implements Disposable {
  readonly #services: ProveServices;
  readonly #shown = new Map<string, Shown>();
  readonly #subscriptions: Disposable[];
  readonly #stopped = new AbortController();
  #channel: OutputChannel | undefined;
  #count = 0;

  constructor(services: ProveServices) {
    this.#services = services;
    this.#subscriptions = [
      workspace.registerTextDocumentContentProvider(proofScheme, {
        provideTextDocumentContent: (uri) => this.#shown.get(uri.toString())?.markdown,
      }),
      window.tabGroups.onDidChangeTabs(() => void services.guard.runAsync('prove', () => this.#removeClosed())),
    ];
  }

  /** Proves what a command is about; see {@link proveSubject}. */
  async prove(argument: unknown): Promise<void> {
    const { engine } = this.#services.sources.images;
    if (!workspace.isTrusted || engine === undefined) return void window.showWarningMessage(notTrusted());
    const subject = await proveSubject(argument, this.#services.previews);
    const input = subject && (await this.#inputOf(subject));
    if (subject === undefined || input === undefined) return;
    const proof = await this.#run(engine, subject, input);
    if (proof !== undefined) await this.#show(subject, proof);
  }

  /** Opens the two images of a proof in the explorer. */
  async compare(argument: unknown): Promise<void> {
    const uri = argument instanceof Uri ? argument : openProofs()[0];
    const shown = uri && this.#shown.get(uri.toString());
    const images = shown?.proof.images;
    if (shown === undefined || images === undefined) return void window.showInformationMessage(imagesGone());
    shown.isCompared = true;
    const items = [images.before, images.after].map((fullTag) => ({ fullTag }));
    await commands.executeCommand(commandIds.compareSelected, items[0], items);
  }

  dispose(): void {
    this.#stopped.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const { proof } of this.#shown.values()) void proof[Symbol.asyncDispose]();
    this.#shown.clear();
    this.#channel?.dispose();
  }

  /** Undefined where the user gives up. */
  async #inputOf({ name, uri, context, before, after }: ProveSubject): Promise<ProveInput | undefined> {
    const start: QuickPickItem = { label: startItem(startSeconds), detail: startDetail() };
    const command: QuickPickItem = { label: commandItem() };
    const chosen = await window.showQuickPick([start, command], {
      title: proveTitle(name),
      placeHolder: optionsPlaceholder(),
      canPickMany: true,
    });
    if (chosen === undefined) return undefined;
    const text = chosen.includes(command)
      ? await window.showInputBox({ title: proveTitle(name), prompt: commandPrompt() })
      : '';
    if (text === undefined) return undefined;
    const words = commandWords(text);
    const ownPlatform = this.#services.sources.platform;
    const { buildArgs, platform } = readSettings(uri, ownPlatform);
    const sideOf = (side: SubjectSide): ProveSide => ({
      name: side.name,
      dockerfile: side.text,
      ...(side.ignore === undefined ? {} : { ignore: side.ignore }),
      context,
      buildArgs,
      ...(platform === ownPlatform ? {} : { platform }),
    });
    return {
      before: sideOf(before),
      after: sideOf(after),
      ...(chosen.includes(start) ? { startSeconds } : {}),
      ...(words.length === 0 ? {} : { command: { words, seconds: commandSeconds } }),
    };
  }

  /** With progress and a log; undefined where it was cancelled, or the engine failed. */
  async #run(engine: Engine, { name }: ProveSubject, input: ProveInput): Promise<Proof | undefined> {
    const channel = (this.#channel ??= window.createOutputChannel(channelName()));
    channel.clear();
    channel.show(true);
    const options = { location: ProgressLocation.Notification, title: proveTitle(name), cancellable: true };
    return window.withProgress(options, async (progress, token) => {
      using stop = abortOn(token);
      const signal = AbortSignal.any([stop.signal, this.#stopped.signal]);
      const worker = Uri.joinPath(this.#services.extension, 'dist', 'sources-image-worker.cjs').fsPath;
      await using indexing = indexInWorkers(worker);
      try {
        return await prove(engine, input, {
          indexing,
          env: process.env,
          log: (line, side) => channel.appendLine(`${side}: ${line}`),
          step: (step) => progress.report({ message: stepText(step) }),
          signal,
        });
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!isSourceError(error)) throw error;
        void window.showErrorMessage(error.message);
        return undefined;
      }
    });
  }

  async #show({ name }: ProveSubject, proof: Proof): Promise<void> {
    const { report, images } = proof;
    // Each has an address of its own: an editor shows what it has read under one.
    const uri = Uri.from({ scheme: proofScheme, path: `/${proofName(name)}.md`, query: String(++this.#count) });
    const shown: Shown = { proof, markdown: proveMarkdown(report), isOpen: false, isCompared: false };
    this.#shown.set(uri.toString(), shown);
    await commands.executeCommand('vscode.openWith', uri, previewEditor);
    shown.isOpen = true;
    const text = verdictText(report.verdict, name, headline(report), report.reasons[0]);
    const button = images === undefined ? logButton() : compareButton();
    const tell = report.verdict === 'works' ? window.showInformationMessage : window.showWarningMessage;
    // Nobody waits for an answer: the notification may stand for hours.
    void tell(text, button).then((answer) =>
      answer === undefined
        ? undefined
        : this.#services.guard.runAsync('prove', async () => {
            if (images === undefined) this.#channel?.show();
            else await this.compare(uri);
          }),
    );
  }

  /** Removes the images of proofs that nobody looks at any more. */
  async #removeClosed(): Promise<void> {
    const open = new Set(openProofs().map(String));
    for (const [uri, { proof, isOpen, isCompared }] of this.#shown) {
      if (!isOpen || open.has(uri) || (isCompared && isExplorerOpen())) continue;
      this.#shown.delete(uri);
      await proof[Symbol.asyncDispose]();
    }
  }
}

/** The reports that are open, the one in front first. */
function openProofs(): Uri[] {
  const active = window.tabGroups.activeTabGroup.activeTab;
  return window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .toSorted((a, b) => Number(b === active) - Number(a === active))
    .flatMap(({ input }) => {
      const isEditor = input instanceof TabInputCustom || input instanceof TabInputText;
      return isEditor && input.uri.scheme === proofScheme ? [input.uri] : [];
    });
}

function isExplorerOpen(): boolean {
  return window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith(explorerView)),
  );
}
