import { copiesOf } from '../../rules/scene/files.ts';
import { contextIn } from '../multistage/contextMap.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { lostTools } from './basePrograms.ts';
import { sameDistribution } from './compatibility.ts';
import { callingScript } from './projectScripts.ts';
import { isRunOnly } from './runOnly.ts';
import type { SwapSubject, Target } from './subject.ts';

/** Whether others use what a stage makes, or it is only built by its name. */
export function isForOthers({ ships, takers }: SwapSubject): boolean {
  return !ships || takers.length > 0;
}

/**
 * Whether a stage that others take from, or that is only built by its name, makes the same on the other base. That must be a
 * leaner variant of the very same system: what is built here runs elsewhere, where nobody can see what it needs.
 */
export function buildingVerdicts(subject: SwapSubject, target: Target): readonly Verdict[] {
  if (!isForOthers(subject)) return [];
  const verdicts = [system(subject, target), ...taken(subject, target), ...scripts(subject, target)];
  const problems = verdicts.filter((verdict) => verdict !== undefined);
  if (problems.length > 0) return problems;
  const text = 'The commands of the stage find the same system, and what others take from it is made here.';
  const lost = lostTools(subject, target);
  return [
    passed(
      'commands',
      text,
      // Of what is started, that is said already.
      lost.length === 0 || subject.starts
        ? {}
        : {
            notes: [
              {
                kind: 'assumed',
                text: `What is installed and run here starts by itself none of the tools that ${subject.base.text} has and ${target.written} has not, such as ${lost.join(', ')} and compilers.`,
              },
            ],
          },
    ),
  ];
}

/** Whether nothing that is built for the present base could differ on the other one: only what is installed there does. */
export function isSameSystem({ facts, image, base }: SwapSubject, target: Target): boolean {
  return (
    target.hasShell &&
    facts.libc === target.facts.libc &&
    facts.packageManager === target.facts.packageManager &&
    sameDistribution(facts.distribution, target.facts.distribution, image === target.image) &&
    (!isRunOnly(target) || isRunOnly({ image, reference: base.reference }))
  );
}

function system(subject: SwapSubject, target: Target): Verdict | undefined {
  return isSameSystem(subject, target)
    ? undefined
    : failed('release', `What this stage makes is used elsewhere, and ${target.written} is another system.`);
}

/** Where what the stage makes and what its base brings cannot be told apart. `/usr/local` is the language's own, in both bases. */
const ofTheSystem = /^\/(?:$|(?:bin|etc|lib|lib64|sbin|usr|var)(?:\/|$))/;
const ofTheFile = /^\/(?:usr\/(?:local|src)|var\/www)\/./;

/** What others take must be made in the stage, not come with its base. */
function taken({ takers, above }: SwapSubject, target: Target): readonly Verdict[] {
  return takers.flatMap(({ instruction: { line }, paths }): Verdict[] => {
    if (paths === undefined) {
      return [
        unproven('commands', `Another stage uses this one, and what of ${target.written} it needs is not known.`, {
          line,
        }),
      ];
    }
    const odd = paths.find(
      (path) =>
        ofTheSystem.test(path) &&
        !ofTheFile.test(path) &&
        !above.some((scene) => copiesOf(scene).some(({ places }) => places.includes(path))),
    );
    return odd === undefined
      ? []
      : [
          unproven(
            'commands',
            `${odd} is taken from this stage, and whether ${target.written} has all of it is not known.`,
            {
              line,
              unblock: 'Take only what the stage makes.',
            },
          ),
        ];
  });
}

function scripts({ above, project }: SwapSubject, target: Target): readonly Verdict[] {
  return above.flatMap((scene) => {
    const context = contextIn(scene, project);
    return scene.runs.flatMap((run): Verdict[] => {
      const found = callingScript(project, target, { scene, run, context });
      return found === undefined
        ? []
        : [
            unproven('commands', `${found}, and what it calls ${target.written} may not have.`, {
              line: run.instruction.line,
              unblock: `Try the build on ${target.written}.`,
            }),
          ];
    });
  });
}
