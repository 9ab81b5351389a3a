import type { Platform } from '../base/baseSize.ts';
import type { Dockerfile } from '../dockerfile/model.ts';
import { type Finding, severities, type Severity } from '../finding.ts';
import type { Hit, Rule } from './rule.ts';
import { rules as allRules } from './rules.ts';
import { type Evidence, noEvidence } from './scene/evidence.ts';
import { type Scene, Scenes } from './scene/scene.ts';
import { Suppressions } from './scene/suppression.ts';

export interface FindingOptions {
  /** For stages without `--platform`. */
  readonly platform: Platform;
  /** `YYYY-MM-DD`: it decides what is past its end of life. */
  readonly today: string;
  /** What is known from outside the file. */
  readonly evidence?: Evidence;
  /** All if absent. */
  readonly rules?: readonly Rule[];
  /** Ids of rules that are switched off. */
  readonly off?: ReadonlySet<string>;
  /** Findings that are known to save fewer bytes stay silent. */
  readonly silentBelow?: number;
}

/** Nobody wants to hear of less: 100 kB. */
export const defaultSilentBelow = 100_000;
/** From here on a finding is a warning: 1 MB. */
const warnsFrom = 1_000_000;

/**
 * What makes the image larger than it need be, the most costly first. Pure and quick; instructions whose shell does not
 * parse, and stages for Windows, have no findings.
 */
export function findFindings(dockerfile: Dockerfile, options: FindingOptions): readonly Finding[] {
  const { platform, today, evidence = noEvidence, rules = allRules, off, silentBelow = defaultSilentBelow } = options;
  const suppressions = new Suppressions(dockerfile);
  const scenes = new Scenes(dockerfile, { platform, today, evidence });
  const found: Finding[] = [];
  for (const scene of scenes.all) {
    if (scene.isWindows) continue;
    for (const rule of rules) {
      if (off?.has(rule.id)) continue;
      for (const hit of rule.detect(scene)) {
        if (suppressions.suppresses(rule, hit.instruction)) continue;
        const finding = findingOf(rule, hit, scene);
        if (finding.saves === undefined || finding.saves.bytes >= silentBelow) found.push(finding);
      }
    }
  }
  return found.sort(byCost);
}

function findingOf(rule: Rule, hit: Hit, scene: Scene): Finding {
  const reachesFinal = rule.concerns === 'files' ? scene.stage.reachesFinal : scene.ships;
  const saves = reachesFinal ? hit.saves : undefined;
  const fix = rule.fix?.(hit, scene);
  return {
    rule: rule.id,
    span: hit.span,
    instruction: hit.instruction.index,
    stage: scene.stage.index,
    reachesFinal,
    severity: severityOf(reachesFinal, hit),
    ...(saves === undefined ? {} : { saves }),
    message: hit.message,
    ...(fix === undefined || fix.edits.length === 0 ? {} : { fix }),
  };
}

function severityOf(reachesFinal: boolean, { saves, timeOnly, isGuess }: Hit): Severity {
  if (!reachesFinal || isGuess === true) return 'hint';
  return saves !== undefined && saves.bytes >= warnsFrom && timeOnly !== true ? 'warning' : 'information';
}

/** What is known to cost more comes before what costs less, and that before what nobody knows; then by place. */
function byCost(a: Finding, b: Finding): number {
  return (
    Number(b.reachesFinal) - Number(a.reachesFinal) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (b.saves?.bytes ?? -1) - (a.saves?.bytes ?? -1) ||
    a.span.start - b.span.start ||
    (a.rule < b.rule ? -1 : 1)
  );
}
