import type { TextEdit } from '../text.ts';
import type { Confidence } from '../finding.ts';
import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { type AptCall, aptCalls } from './scene/apt.ts';
import { companionsOf, needsRecommends } from './scene/recommends.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface RecommendsHit extends Hit {
  readonly run: Run;
  readonly call: AptCall;
}

export const aptRecommends: Rule<RecommendsHit> = {
  id: 'apt-recommends',
  title: 'Recommended packages of apt',
  why: '`apt-get install` also installs what packages merely recommend: documentation, editors, mail servers, desktop parts. `--no-install-recommends` leaves it out; what is needed all the same is named. The fix names the certificates that `curl`, `wget` and `git` need, and the C headers that `gcc` needs; where a package is known to need more of its recommendations, or nobody knows, it asks.',
  hadolint: ['DL3015'],

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      aptCalls(run)
        .filter((call) => call.verb === 'install' && call.program.name !== 'aptitude' && !isTold(call, run, scene))
        .flatMap((call) => {
          const { instruction } = run;
          const packages = namesOf(call);
          const saves = scene.evidence.packages({ instruction, manager: 'apt', packages, what: 'recommends' });
          if (saves?.bytes === 0 || (packages.length === 0 && !call.program.fed)) return [];
          const message =
            'This also installs what the packages merely recommend. --no-install-recommends leaves that out.';
          return [{ instruction, run, call, span: call.program.command.span, message, saves }];
        }),
    ),

  fix({ run, call }, scene) {
    const edits: TextEdit[] = [insertWord(run.script, call.verbWord, '--no-install-recommends')];
    const missing = [...new Set(namesOf(call).flatMap(companionsOf))].filter(
      (name) => !scene.once(namedPackages).has(name),
    );
    const last = call.operands.at(-1);
    if (missing.length > 0 && last) edits.push(insertWord(run.script, last, missing.join(' ')));
    if (missing.length > 1 && run.script.kind === 'exec') return undefined;
    const confidence: Confidence =
      call.program.fed || call.operands.some(({ value }) => value === undefined || needsRecommends(packageName(value)))
        ? 'ask'
        : 'likely';
    return { title: 'Install without recommended packages', confidence, edits };
  },
};

/** All packages that the stage names somewhere. */
function namedPackages({ runs }: Scene): ReadonlySet<string> {
  return new Set(runs.flatMap((run) => aptCalls(run).flatMap(namesOf)));
}

/** The option, or a setting, says already what to do. */
function isTold({ program, options }: AptCall, run: Run, scene: Scene): boolean {
  if (
    program.args.some(({ value, text }) =>
      /^--(?:no-)?install-(?:recommends|suggests)$|install-recommends/i.test(value ?? text),
    )
  )
    return true;
  if (options.some(({ value }) => /^(?:-d|--download-only|-s|--simulate|--dry-run|--print-uris)$/.test(value ?? '')))
    return true;
  return run.instruction.index >= scene.once(settledFrom);
}

/** The first instruction from which on a setting says it, in this stage or below; infinite where none does. */
function settledFrom({ dockerfile: { text }, below, stage }: Scene): number {
  const found = stage.instructions.find(
    ({ keyword, span }) =>
      (keyword === 'RUN' || keyword === 'COPY') &&
      /Install-Recommends\W{1,6}(?:false|0)/i.test(text.slice(span.start, span.end)),
  );
  return Math.min(below?.once(settledFrom) ?? Infinity, found?.index ?? Infinity);
}

/** The names of the packages: versions, architectures and releases cut off; files and tasks left out. */
function namesOf({ operands }: AptCall): readonly string[] {
  return operands.flatMap(({ value }) =>
    value === undefined || /^[./]|\^$|[-+]$/.test(value) ? [] : [packageName(value)],
  );
}

function packageName(value: string): string {
  return value.replace(/[=:/].*$/, '');
}
