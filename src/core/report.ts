import type { Purpose } from './base/candidates.ts';
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
  readonly findings: readonly FindingReport[];
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
  readonly weight?: ReportedSize;
}

export interface FindingReport {
  readonly id: string;
  readonly line: number;
  readonly stage: number;
  readonly reachesFinal: boolean;
  readonly savesBytes?: number;
  readonly basis?: Basis;
  readonly message: string;
  readonly fixable: boolean;
}
