import { distributionTitle } from '../../base/release.ts';
import { lifeStatus } from '../../base/endOfLife.ts';
import { readDistroless } from '../../base/distroless.ts';
import { fileWith } from '../project.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { installedPackages } from './runs.ts';
import type { SwapSubject, Target } from './subject.ts';

/** Certificates, time zones, locales, versions and how long the base is looked after. */
export function systemVerdicts(subject: SwapSubject, target: Target): readonly Verdict[] {
  return [
    certificates(subject, target),
    timeZones(subject, target),
    ...locale(subject, target),
    version(subject, target),
    life(subject, target),
  ];
}

/** What nobody can prove to be unused is kept. */
function certificates(subject: SwapSubject, target: Target): Verdict {
  const has = subject.config?.certificates;
  const isAdded = installedPackages(subject).includes('ca-certificates') && target.hasShell;
  if (has !== true || isAdded || target.config?.certificates === true) {
    return passed('certificates', 'There are as many certificates of authorities as before.');
  }
  // Node.js brings its own.
  const bringsOwn =
    subject.facts.language?.name === 'Node.js' && !names(subject, /NODE_EXTRA_CA_CERTS|use-openssl-ca|use-system-ca/);
  if (bringsOwn) return passed('certificates', 'Node.js brings its own certificates.');
  return (target.config?.certificates === false ? failed : unproven)(
    'certificates',
    `${target.written} may lack the certificates of authorities.`,
    {
      unblock: 'Install ca-certificates in the stage.',
    },
  );
}

function timeZones(subject: SwapSubject, target: Target): Verdict {
  const isAdded = installedPackages(subject).includes('tzdata') && target.hasShell;
  const has = subject.config?.timeZones;
  if (isAdded || target.config?.timeZones === true || has === false) {
    return passed('time-zones', 'There are as many time zones as before.');
  }
  const isSameSystem = subject.facts.distribution?.name === target.facts.distribution?.name;
  if (isSameSystem && subject.image === target.image && target.config?.timeZones === has) {
    return passed('time-zones', 'There are as many time zones as before.');
  }
  // These languages have the table with them.
  if (/^(?:Node\.js|Bun|Java)$/.test(subject.facts.language?.name ?? '') && !names(subject, /\bTZ\b/)) {
    return passed('time-zones', `${subject.facts.language!.name} brings its own time zones.`);
  }
  if (!names(subject, /\bTZ\b|tzdata|zoneinfo/) && subject.facts.language === undefined) {
    return unproven(
      'time-zones',
      `${target.written} has no time zones, and whether the program asks for one is not known.`,
      {
        unblock: 'Install tzdata in the stage.',
      },
    );
  }
  return (target.config?.timeZones === false && names(subject, /\bTZ\b|zoneinfo/) ? failed : unproven)(
    'time-zones',
    `${target.written} has no time zones.`,
    { unblock: 'Install tzdata in the stage.' },
  );
}

function locale(subject: SwapSubject, target: Target): readonly Verdict[] {
  const isMicrosoft = target.image.startsWith('mcr.microsoft.com/dotnet/');
  if (isMicrosoft) return [globalization(subject, target)];
  const isOtherSystem = subject.facts.distribution?.name !== target.facts.distribution?.name || !target.hasShell;
  const generated = subject.runs.some(({ programs }) =>
    programs.some(({ name }) => /^(?:locale-gen|localedef|update-locale)$/.test(name)),
  );
  const set = subject.instructions.find(
    ({ keyword, words }) =>
      keyword === 'ENV' &&
      words.some(({ text }) => /^(?:LANG|LC_\w+|LANGUAGE)=["']?(?!C(?:\.UTF-?8)?["']?$|POSIX["']?$)\w/i.test(text)),
  );
  if (isOtherSystem && (generated || set)) {
    return [
      unproven('locale', `${target.written} has no locales but C.UTF-8.`, {
        ...(set === undefined ? {} : { line: set.line }),
        unblock: 'Set LANG=C.UTF-8, if no text is sorted or formatted by locale.',
      }),
    ];
  }
  return [passed('locale', 'No locale is asked for that would not be there.')];
}

/** https://learn.microsoft.com/dotnet/core/runtime-config/globalization: without ICU, only the invariant mode works. */
function globalization(subject: SwapSubject, target: Target): Verdict {
  const isInvariantBase = target.config?.env.DOTNET_SYSTEM_GLOBALIZATION_INVARIANT === 'true';
  if (!isInvariantBase || subject.config?.env.DOTNET_SYSTEM_GLOBALIZATION_INVARIANT === 'true') {
    return passed('locale', 'Cultures are there as before.');
  }
  const isInvariant =
    names(subject, /DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=["']?(?:1|true)/i) ||
    fileWith(subject.project, /\.(?:cs|fs|vb)proj$|Directory\.Build\.props$/, /<InvariantGlobalization>\s*true/i) !==
      undefined;
  return isInvariant
    ? passed('locale', 'The program works without cultures.')
    : failed('locale', `${target.written} has no ICU and no time zones.`, {
        unblock: 'Set InvariantGlobalization in the project, or take the -extra variant.',
      });
}

function version(subject: SwapSubject, target: Target): Verdict {
  const [now, then] = [subject.facts.language, target.facts.language];
  const isJava = subject.image === 'openjdk' && target.image !== 'openjdk';
  if (isJava) return unproven('version', `${target.written} is the Java of another publisher.`);
  if (subject.base.reference.digest !== undefined) {
    return unproven('version', 'The digest goes, since it names a build of the present base.', {
      line: subject.stage.from.line,
    });
  }
  if (now === undefined || then === undefined) {
    return readDistroless(target.image) !== undefined || now?.name === then?.name
      ? passed('version', 'There is no language of which a version could change.')
      : unproven('version', 'Whether the version stays is not known.');
  }
  const line = (text: string | undefined): string => (text ?? '').split('.').slice(0, 2).join('.');
  const [a, b] = [line(now.version), line(then.version)];
  // Two moving tags of one image move together.
  const isMoving = then.version === undefined && subject.image === target.image;
  const isSame = now.name === then.name && (isMoving || a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`));
  return isSame
    ? passed('version', `It is ${now.name} ${now.version ?? 'of the same version'} as before.`)
    : failed('version', `It is ${then.name} ${then.version ?? ''} instead of ${now.name} ${now.version ?? ''}.`);
}

function life(subject: SwapSubject, target: Target): Verdict {
  const ended = target.facts.ends.find((end) => lifeStatus(end, subject.options.today) === 'past');
  if (target.facts.deprecated !== undefined) return failed('end-of-life', target.facts.deprecated);
  if (ended !== undefined) {
    return failed('end-of-life', `${ended.product} ${ended.cycle} has had no fixes since ${ended.date ?? 'long'}.`);
  }
  const soon = target.facts.ends.find((end) => lifeStatus(end, subject.options.today) === 'soon');
  const system =
    target.facts.distribution === undefined ? target.written : distributionTitle(target.facts.distribution);
  return passed(
    'end-of-life',
    soon === undefined
      ? `${system} is looked after.`
      : `${soon.product} ${soon.cycle} is looked after until ${soon.date!}.`,
  );
}

function names({ instructions, dockerfile }: SwapSubject, pattern: RegExp): boolean {
  return instructions.some(({ span }) => pattern.test(dockerfile.text.slice(span.start, span.end)));
}
