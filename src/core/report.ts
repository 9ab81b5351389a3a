import type { Purpose } from './base/candidates.ts';
import type { Confidence, Severity } from './finding.ts';
import type { Basis } from './size.ts';

/**
 * What `plimsoll report --json` prints, the shape of which programs depend on: fields may be added, none renamed. Sizes
 * are whole bytes; what is not known is absent.
 */
export interface Report {
  readonly schema: 1;
  readonly files: readonly FileReport[];
}

export interface FileReport {
  readonly path: string;
  /** The build context's folder, relative to where the command runs. */
  readonly context: string;
  readonly problems: readonly { readonly line: number; readonly message: string }[];
  readonly stages: readonly StageReport[];
  readonly instructions: readonly InstructionReport[];
  /** The most costly first; those that do not reach the final image last. */
  readonly findings: readonly FindingReport[];
  /** The sum of what the findings save; at least that much. Absent where nothing of it is known. */
  readonly reclaimableBytes?: number;
}

export interface ReportedSize {
  readonly bytes: number;
  readonly basis: Basis;
  readonly asOf?: string;
}

export interface StageReport {
  readonly index: number;
  readonly name?: string;
  /** One-based. */
  readonly line: number;
  readonly isFinal: boolean;
  readonly base: BaseReport;
  readonly size?: { readonly bytes: number; readonly basis: Basis; readonly complete: boolean };
  readonly alternatives: readonly AlternativeReport[];
}

export interface BaseReport {
  /** As the file says it, variables expanded. */
  readonly reference: string;
  /** The full name, `docker.io/library/golang:1.26`; absent for `scratch`, stages and what cannot be resolved. */
  readonly resolved?: string;
  readonly kind: 'image' | 'stage' | 'scratch' | 'unresolved';
  readonly platform?: string;
  readonly onDisk?: ReportedSize;
  readonly download?: ReportedSize;
  /** Why a size is absent: one sentence. */
  readonly reason?: string;
}

export interface AlternativeReport {
  readonly reference: string;
  readonly onDiskBytes?: number;
  readonly downloadBytes?: number;
  /** On disk. */
  readonly savesBytes?: number;
  /** `run-only`: for a last stage; nothing can be built on it. */
  readonly purpose: Purpose;
  /** Same distribution and, as far as is known, the same release of it. */
  readonly sameDistribution: boolean;
  readonly libc?: string;
  readonly shell?: boolean;
  readonly packageManager?: string;
  readonly caveats: readonly string[];
}

export interface InstructionReport {
  readonly line: number;
  readonly endLine: number;
  readonly stage: number;
  readonly keyword: string;
  /** What it adds on disk; `complete: false` means at least that much. */
  readonly weight?: ReportedSize & { readonly complete: boolean };
  /** The heaviest of what it adds. */
  readonly parts: readonly { readonly kind: string; readonly name: string; readonly bytes: number }[];
  /** What could not be weighed. */
  readonly unknown: readonly { readonly kind: string; readonly name: string }[];
}

export interface FindingReport {
  readonly id: string;
  /** One-based, as are the other lines and columns. Columns count UTF-16 units; the end column is the one behind the last. */
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
  readonly endColumn: number;
  readonly stage: number;
  readonly reachesFinal: boolean;
  readonly severity: Severity;
  readonly savesBytes?: number;
  readonly basis?: Basis;
  readonly message: string;
  readonly fixable: boolean;
  /** What the fix does, and how sure it is that the image still does what it did. */
  readonly fix?: { readonly title: string; readonly confidence: Confidence };
}
