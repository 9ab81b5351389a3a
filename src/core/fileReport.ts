import type { Alternative } from './base/alternatives.ts';
import type { BaseSizes, Platform } from './base/baseSize.ts';
import { formatReference } from './base/reference.ts';
import { type ImageReference, type StageReference, stageReference } from './base/stageReference.ts';
import type { Dockerfile, Instruction, Stage } from './dockerfile/model.ts';
import type { Finding } from './finding.ts';
import { addsLayer, stageSizes } from './estimate/stageSize.ts';
import type { Weight } from './estimate/weight.ts';
import type {
  AlternativeReport,
  BaseReport,
  FileReport,
  FindingReport,
  InstructionReport,
  ReportedSize,
  StageReport,
} from './report.ts';
import type { Size } from './size.ts';

/** What is known of one base when the report is made. */
export interface KnownBase {
  readonly sizes?: BaseSizes;
  /** Why there is no size, or none better: one sentence. */
  readonly reason?: string;
  readonly alternatives: readonly Alternative[];
}

export interface FileReportInput {
  readonly path: string;
  readonly context: string;
  readonly dockerfile: Dockerfile;
  /** For stages without `--platform`. */
  readonly platform: Platform;
  readonly base: (image: ImageReference, stage: Stage) => KnownBase;
  /** What instructions add, by their indexes. */
  readonly weights: ReadonlyMap<number, Weight>;
  readonly findings: readonly Finding[];
}

/** The report of one Dockerfile, from its model and what is known of its bases. */
export function fileReport(input: FileReportInput): FileReport {
  const { path, context, dockerfile, platform, base, weights, findings } = input;
  const references = dockerfile.stages.map((stage) => stageReference(dockerfile, stage, platform));
  const known = references.map((reference, stage) =>
    reference.kind === 'image' ? base(reference, dockerfile.stages[stage]!) : undefined,
  );
  const sizes = stageSizes(
    dockerfile,
    (stage) => known[stage]?.sizes?.onDisk,
    ({ index }) => weights.get(index)?.size,
  );
  return {
    path,
    context,
    problems: dockerfile.problems.map(({ message, span }) => ({
      line: dockerfile.lines.lineAt(span.start) + 1,
      message,
    })),
    stages: dockerfile.stages.map((stage, i) => stageReport(stage, references[i]!, known[i], sizes[i])),
    instructions: dockerfile.instructions
      .filter((entry) => entry.stage >= 0 && addsLayer(entry))
      .map((instruction) => instructionReport(instruction, weights.get(instruction.index))),
    findings: findings.map((finding) => findingReport(dockerfile, finding)),
    ...reclaimable(findings),
  };
}

function stageReport(
  stage: Stage,
  reference: StageReference,
  known: KnownBase | undefined,
  size: StageReport['size'],
): StageReport {
  return {
    index: stage.index,
    ...(stage.name === undefined ? {} : { name: stage.name }),
    line: stage.from.line,
    isFinal: stage.isFinal,
    base: baseReport(reference, known),
    ...(size === undefined ? {} : { size: { bytes: size.bytes, basis: size.basis, complete: size.complete } }),
    alternatives: (known?.alternatives ?? []).map(alternativeReport),
  };
}

function baseReport(base: StageReference, known: KnownBase | undefined): BaseReport {
  switch (base.kind) {
    case 'scratch':
      return { reference: 'scratch', kind: 'scratch', onDisk: { bytes: 0, basis: 'measured' } };
    case 'stage':
      return { reference: base.name, kind: 'stage' };
    case 'missing':
      return { reference: '', kind: 'unresolved', reason: 'FROM names no image.' };
    case 'unresolved':
      return {
        reference: base.text,
        kind: 'unresolved',
        reason: `No value is known for ${base.variables.map((name) => `$${name}`).join(', ')}.`,
      };
    case 'invalid':
      return { reference: base.text, kind: 'unresolved', reason: base.problem };
    case 'image': {
      const { onDisk, download } = known?.sizes ?? {};
      const isWhole = onDisk !== undefined && download !== undefined;
      return {
        reference: base.text,
        resolved: formatReference(base.reference),
        kind: 'image',
        platform: base.platform,
        ...(onDisk === undefined ? {} : { onDisk: reportedSize(onDisk) }),
        ...(download === undefined ? {} : { download: reportedSize(download) }),
        ...(isWhole || known?.reason === undefined ? {} : { reason: known.reason }),
      };
    }
  }
}

function reportedSize({ bytes, basis, asOf }: Size): ReportedSize {
  return { bytes, basis, ...(asOf === undefined ? {} : { asOf }) };
}

function instructionReport(instruction: Instruction, weight: Weight | undefined): InstructionReport {
  const { line, endLine, stage, keyword } = instruction;
  return {
    line,
    endLine,
    stage,
    keyword,
    ...(weight?.size === undefined ? {} : { weight: { ...reportedSize(weight.size), complete: weight.size.complete } }),
    parts: weight?.parts ?? [],
    unknown: weight?.unknown ?? [],
  };
}

function findingReport({ lines }: Dockerfile, finding: Finding): FindingReport {
  const start = lines.positionAt(finding.span.start);
  const end = lines.positionAt(finding.span.end);
  const { saves, fix } = finding;
  return {
    id: finding.rule,
    ...{ line: start.line + 1, endLine: end.line + 1, column: start.character + 1, endColumn: end.character + 1 },
    stage: finding.stage,
    reachesFinal: finding.reachesFinal,
    severity: finding.severity,
    ...(saves === undefined ? {} : { savesBytes: saves.bytes, basis: saves.basis }),
    message: finding.message,
    fixable: fix !== undefined,
    ...(fix === undefined ? {} : { fix: { title: fix.title, confidence: fix.confidence } }),
  };
}

function reclaimable(findings: readonly Finding[]): Pick<FileReport, 'reclaimableBytes'> {
  const known = findings.flatMap(({ saves }) => saves?.bytes ?? []);
  return known.length === 0 ? {} : { reclaimableBytes: known.reduce((sum, bytes) => sum + bytes, 0) };
}

function alternativeReport(alternative: Alternative): AlternativeReport {
  const { facts, sizes, saving } = alternative;
  return {
    reference: alternative.written,
    ...(sizes?.onDisk === undefined ? {} : { onDiskBytes: sizes.onDisk.bytes }),
    ...(sizes?.download === undefined ? {} : { downloadBytes: sizes.download.bytes }),
    ...(saving.onDisk === undefined ? {} : { savesBytes: saving.onDisk }),
    purpose: alternative.purpose,
    sameDistribution: alternative.sameDistribution,
    ...(facts.libc === undefined ? {} : { libc: facts.libc }),
    ...(facts.shell === undefined ? {} : { shell: facts.shell }),
    ...(facts.packageManager === undefined ? {} : { packageManager: facts.packageManager }),
    caveats: alternative.caveats,
  };
}
