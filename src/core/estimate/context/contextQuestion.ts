import type { CopyAnswer, CopyQuestion, Exclusion } from './contextContent.ts';
import type { LockedPackage } from '../lock/lockedPackage.ts';
import type { ContextFiles } from './contextFiles.ts';
import type { InstalledModules } from './installedModules.ts';

/** What is asked about a build context. Plain data: it crosses threads, and its JSON is its identity. */
export type ContextQuestion =
  | ({ readonly kind: 'copy' } & CopyQuestion)
  /** What each pattern of the ignore file keeps out. */
  | { readonly kind: 'exclusions' }
  /** What is installed in a Node.js project's folder. */
  | { readonly kind: 'modules'; readonly project: string }
  /** What the lock file of a Node.js project names, and what the project says about its registry. */
  | { readonly kind: 'lock'; readonly project: string; readonly manager: NodeManager }
  /** Which files are sent, and which others may use the image. */
  | { readonly kind: 'files'; readonly most: number };

export type NodeManager = 'npm' | 'yarn' | 'pnpm';

export type ContextAnswer =
  | ({ readonly kind: 'copy' } & CopyAnswer)
  | { readonly kind: 'exclusions'; readonly patterns: readonly Exclusion[]; readonly complete: boolean }
  | { readonly kind: 'modules'; readonly modules?: InstalledModules }
  | ({ readonly kind: 'files' } & ContextFiles)
  | {
      readonly kind: 'lock';
      /** Absent where there is no lock file that can be read. */
      readonly packages?: readonly LockedPackage[];
      /** The text of the project's `.npmrc`. */
      readonly npmrc?: string;
    };
