import { alternatives } from '../../base/alternatives.ts';
import { lookUp } from '../../base/catalogue.ts';
import { currentDistrolessDebian, isPublishedDistroless, readDistroless } from '../../base/distroless.ts';
import { lifeStatus } from '../../base/endOfLife.ts';
import { imageName } from '../../base/family.ts';
import { baseConfig } from '../../base/imageConfig.ts';
import { parseReference } from '../../base/reference.ts';
import type { SwapSubject, Target } from './subject.ts';
import { isForOthers, isSameSystem } from './building.ts';
import { isOwn } from './programs.ts';
import { runsAsOther } from './users.ts';
import type { Uses } from './uses.ts';

/** Bases that are worth a look: the leaner variants of the present one, and those for a compiled program. */
export function targets(subject: SwapSubject, uses: Uses): readonly Target[] {
  const { base, options } = subject;
  const offered = alternatives(base.reference, base.platform, options.today, { written: base.text }).map(
    ({ written }) => written,
  );
  const written = [...offered, ...(startsOwnProgram(subject, uses) ? programBases(subject) : [])].map((text) =>
    runsAsOther(subject) ? asNonroot(text) : text,
  );
  return [...new Set(written)]
    .map((text) => readTarget(subject, text))
    .filter((target) => target !== undefined)
    .filter((target) => !isForOthers(subject) || isSameSystem(subject, target));
}

/** The base of a reference; undefined where it is none, or nothing is known of it. */
export function readTarget({ base }: SwapSubject, written: string): Target | undefined {
  const parsed = parseReference(written);
  if ('problem' in parsed) return undefined;
  const { reference } = parsed;
  const answer = lookUp(reference, base.platform);
  if (answer.facts === undefined) return undefined;
  return {
    written,
    reference,
    image: imageName(reference),
    facts: answer.facts,
    config: baseConfig(reference),
    ...('sizes' in answer ? { sizes: answer.sizes } : {}),
    hasShell: answer.facts.shell !== false,
  };
}

/** True where the container starts a file of its own, not an interpreter or a server of the base. */
function startsOwnProgram(subject: SwapSubject, { programs }: Uses): boolean {
  const started = programs.filter(({ isHealth }) => isHealth !== true);
  return started.length > 0 && started.every(({ name }) => isOwn(subject, name));
}

/** Distroless images for a compiled program: on the Debian of the present base, where that is looked after. */
function programBases({ facts, options, ships, image }: SwapSubject): readonly string[] {
  const own = facts.distribution?.name === 'debian' ? facts.distribution.release : undefined;
  const present = readDistroless(image)?.flavor;
  if (!ships || !['base', 'base-nossl', 'cc', undefined].includes(present)) return [];
  return ['static', 'base-nossl', 'base', 'cc'].flatMap((flavor) => {
    const name = (debian: string): string => `gcr.io/distroless/${flavor}-debian${debian}`;
    const debian = [own, currentDistrolessDebian].find(
      (release) => release !== undefined && isAlive(name(release), options.today),
    );
    return debian === undefined || name(debian) === image ? [] : [name(debian)];
  });
}

function isAlive(name: string, today: string): boolean {
  const parsed = parseReference(name);
  if ('problem' in parsed || !isPublishedDistroless(name)) return false;
  const { facts } = lookUp(parsed.reference, 'linux/amd64');
  return facts?.ends.every((end) => lifeStatus(end, today) !== 'past') === true;
}

/** Google's images for users other than root have a tag of their own. */
function asNonroot(written: string): string {
  return /^gcr\.io\/distroless\/[^:@]+$/.test(written) ? `${written}:nonroot` : written;
}
