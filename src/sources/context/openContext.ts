import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ContextContent } from '../../core/estimate/context/contextContent.ts';
import type { ContextAnswer, ContextQuestion } from '../../core/estimate/context/contextQuestion.ts';
import { ContextTree, type FolderListing } from '../../core/estimate/context/contextTree.ts';
import { installedModules } from '../../core/estimate/context/installedModules.ts';
import { archiveSize } from './archiveSize.ts';
import { defaultLimits, listFolder, walkContext, type WalkLimits } from './walk.ts';

/** Ignore files whose sums are kept: a context seldom has Dockerfiles with more than that. */
const keptContents = 4;

/** A build context on disk: walked once, brought up to date folder by folder, and asked any number of questions. */
export class OpenContext {
  readonly #folder: string;
  readonly #limits: WalkLimits;
  readonly #tree = new ContextTree();
  /** By the ignore file's text, the one used last at the end. */
  readonly #contents = new Map<string, ContextContent>();

  /** @param folder absolute */
  constructor(folder: string, limits: WalkLimits = defaultLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  /** Walks the whole context. Each step is one folder, so that the caller can do something else in between. */
  *walk(): Generator<void> {
    yield* this.#take('');
    this.#tree.complete = true;
  }

  /** Reads a folder again in which something has changed, relative to the context; new folders in it are walked. */
  *refresh(at: string): Generator<void> {
    const listing = listFolder(this.#folder, at);
    if (listing === undefined) {
      this.#tree.remove(at);
      return;
    }
    const isNew = this.#unknownFolders(listing);
    this.#tree.setFolder(listing);
    for (const name of isNew) yield* this.#take(at === '' ? name : `${at}/${name}`);
  }

  answer(question: ContextQuestion, ignoreText: string): ContextAnswer {
    switch (question.kind) {
      case 'copy':
        return { kind: 'copy', ...this.#content(ignoreText).copied(question) };
      case 'exclusions': {
        const { complete, truncated, unreadable } = this.#tree.state;
        return {
          kind: 'exclusions',
          patterns: this.#content(ignoreText).excluded(),
          complete: complete && !truncated && unreadable.length === 0,
        };
      }
      case 'modules': {
        const modules = installedModules(this.#tree.root, question.project, this.#lockOf(question.project));
        return { kind: 'modules', ...(modules === undefined ? {} : { modules }) };
      }
    }
  }

  *#take(start: string): Generator<void> {
    for (const step of walkContext(this.#folder, start, this.#limits)) {
      if (step.kind === 'folder') this.#tree.setFolder(step.listing);
      else if (step.kind === 'unreadable') this.#tree.setUnreadable(step.path);
      else this.#tree.truncated = true;
      yield;
    }
  }

  #unknownFolders({ path: at, folders }: FolderListing): readonly string[] {
    return folders.filter((name) => !this.#tree.has(at === '' ? name : `${at}/${name}`));
  }

  #content(ignoreText: string): ContextContent {
    const known = this.#contents.get(ignoreText);
    const content =
      known ?? new ContextContent(this.#tree, ignoreText, (file) => archiveSize(path.join(this.#folder, file)));
    this.#contents.delete(ignoreText);
    this.#contents.set(ignoreText, content);
    const [oldest] = this.#contents;
    if (this.#contents.size > keptContents && oldest !== undefined) {
      oldest[1][Symbol.dispose]();
      this.#contents.delete(oldest[0]);
    }
    return content;
  }

  #lockOf(project: string): string | undefined {
    try {
      return readFileSync(path.join(this.#folder, project, 'package-lock.json'), 'utf8');
    } catch {
      return undefined; // A project without one, or of another package manager.
    }
  }
}
