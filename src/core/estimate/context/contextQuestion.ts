import type { CopyAnswer, CopyQuestion, Exclusion } from './contextContent.ts';
import type { InstalledModules } from './installedModules.ts';

/** What is asked about a build context. Plain data: it crosses threads, and its JSON is its identity. */
export type ContextQuestion =
  | ({ readonly kind: 'copy' } & CopyQuestion)
  /** What each pattern of the ignore file keeps out. */
  | { readonly kind: 'exclusions' }
  /** What is installed in a Node.js project's folder. */
  | { readonly kind: 'modules'; readonly project: string };

export type ContextAnswer =
  | ({ readonly kind: 'copy' } & CopyAnswer)
  | { readonly kind: 'exclusions'; readonly patterns: readonly Exclusion[]; readonly complete: boolean }
  | { readonly kind: 'modules'; readonly modules?: InstalledModules };
