import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ContextContent } from '../../core/estimate/context/contextContent.ts';
import { contextFiles } from '../../core/estimate/context/contextFiles.ts';
import type { ContextAnswer, ContextQuestion, NodeManager } from '../../core/estimate/context/contextQuestion.ts';
import { ContextTree, type FolderListing } from '../../core/estimate/context/contextTree.ts';
import { installedModules } from '../../core/estimate/context/installedModules.ts';
import type { LockedPackage } from '../../core/estimate/lock/lockedPackage.ts';
import { readNpmLock } from '../../core/estimate/lock/npmLock.ts';
import { readPnpmLock } from '../../core/estimate/lock/pnpmLock.ts';
import { readYarnLock } from '../../core/estimate/lock/yarnLock.ts';
import { present } from '../../core/present.ts';
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
      case 'files':
        return { kind: 'files', ...contextFiles(this.#tree, ignoreText, question.most) };
      case 'lock': {
        const packages = this.#locked(question.project, question.manager);
        return { kind: 'lock', ...present({ packages, npmrc: this.#read(question.project, '.npmrc') }) };
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
    return this.#read(project, 'npm-shrinkwrap.json') ?? this.#read(project, 'package-lock.json');
  }

  #locked(project: string, manager: NodeManager): readonly LockedPackage[] | undefined {
    const lock = {
      npm: () => this.#lockOf(project),
      yarn: () => this.#read(project, 'yarn.lock'),
      pnpm: () => this.#read(project, 'pnpm-lock.yaml'),
    }[manager]();
    if (lock === undefined) return undefined;
    switch (manager) {
      case 'npm':
        return readNpmLock(lock);
      case 'yarn':
        return readYarnLock(lock, this.#read(project, 'package.json') ?? '{}');
      case 'pnpm':
        return readPnpmLock(lock);
    }
  }

  #read(project: string, name: string): string | undefined {
    const file = path.join(this.#folder, project, name);
    try {
      return statSync(file).size > longestLock ? undefined : readFileSync(file, 'utf8');
    } catch {
      return undefined; // A project without one, or of another package manager.
    }
  }
}

/** The longest lock files of real projects have some megabytes. Bytes. */
const longestLock = 50_000_000;
