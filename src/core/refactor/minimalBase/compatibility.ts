import { readDistroless } from '../../base/distroless.ts';
import { distributionTitle, type Distribution } from '../../base/release.ts';
import { compareVersions } from '../../base/tag.ts';
import { defaultPathsOf } from '../../program/searchPath.ts';
import { joined } from '../multistage/contextMap.ts';
import { copiesOf } from '../../rules/scene/files.ts';
import { isWithin } from '../../rules/scene/places.ts';
import type { Note } from '../refactoring.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { copiedFromContext, copiedLinkage } from './linkage.ts';
import type { SwapSubject, Target } from './subject.ts';
import type { Uses } from './uses.ts';

/** The glibc of releases. Sources: packages.debian.org, packages.ubuntu.com. */
const glibcOf: Readonly<Record<string, string>> = {
  'debian 10': '2.28',
  'debian 11': '2.31',
  'debian 12': '2.36',
  'debian 13': '2.41',
  'ubuntu 20.04': '2.31',
  'ubuntu 22.04': '2.35',
  'ubuntu 24.04': '2.39',
};

/** Whether what was compiled runs with the C library and the libraries of the other base. */
export function compatibilityVerdicts(subject: SwapSubject, target: Target, uses: Uses): readonly Verdict[] {
  const { facts } = subject;
  const isSame =
    facts.libc === target.facts.libc &&
    sameDistribution(facts.distribution, target.facts.distribution, subject.image === target.image);
  const isPart = readDistroless(target.image) !== undefined;
  if (isSame && !isPart) {
    return [
      passed('libc', `It is ${facts.libc ?? 'the same'} as before.`),
      passed('release', 'It is the same release.'),
    ];
  }
  return isProgramOfItsOwn(target) ? byProgram(subject, target, uses) : byOrigin(subject, target, uses);
}

export function sameDistribution(
  a: Distribution | undefined,
  b: Distribution | undefined,
  isSameImage: boolean,
): boolean {
  if (a === undefined || a.name !== b?.name) return false;
  // Variants of one image that do not name their release have the same one.
  return a.release === b.release && (a.release !== undefined || isSameImage);
}

/** A base for compiled programs, with no interpreter of its own. */
export function isProgramOfItsOwn({ image }: Target): boolean {
  return /^(?:static|base|base-nossl|cc)$/.test(readDistroless(image)?.flavor ?? '');
}

/** Libraries of each distroless flavor beside those of glibc. */
const librariesOf: Readonly<Record<string, RegExp>> = {
  static: /^$/,
  'base-nossl': /^$/,
  base: /^lib(?:ssl|crypto)\.so\.3$/,
  cc: /^lib(?:ssl|crypto)\.so\.3$|^lib(?:gcc_s\.so\.1|stdc\+\+\.so\.6|gomp\.so\.1)$/,
};

/** What the program itself needs, by its image or by how it was built. */
function byProgram(subject: SwapSubject, target: Target, uses: Uses): readonly Verdict[] {
  const needs = subject.needs();
  const flavor = readDistroless(target.image)!.flavor;
  const suspicious = compiledInContext(subject) ?? unknownStart(subject, uses);
  if (needs === undefined) {
    const linkage = copiedLinkage(subject);
    const dynamic = linkage.find(({ kind }) => kind !== 'static');
    if (linkage.length > 0 && dynamic === undefined && suspicious === undefined) {
      const [{ why, line }] = linkage as [(typeof linkage)[number]];
      return [passed('libc', why, { line }), passed('release', 'A static program runs on any release.')];
    }
    const why = dynamic?.why ?? suspicious ?? 'How the program that starts is linked is not known.';
    return [
      failed('libc', why, {
        ...(dynamic === undefined ? {} : { line: dynamic.line }),
        unblock: 'Build the image once: then its ELF files tell what they need.',
      }),
    ];
  }
  const notes = needs.evidence.map((text) => ({ kind: 'assumed' as const, text }));
  if (needs.kind === 'unknown')
    return [failed('libc', 'What the start command needs could not be followed in the image.', { notes })];
  if (needs.kind === 'script') {
    const by = needs.interpreters.length === 0 ? 'a script' : needs.interpreters.join(', ');
    return [failed('shell', `The image starts ${by}, which ${target.written} does not have.`, { notes })];
  }
  if (needs.kind === 'static') {
    return [
      passed('libc', 'The programs that start are linked statically.', { notes: evidence(needs.evidence) }),
      passed('release', 'A static program runs on any release.'),
    ];
  }
  if (needs.libc !== 'glibc' || flavor === 'static') {
    return [failed('libc', `The program that starts needs ${needs.libc}, which ${target.written} does not have.`)];
  }
  const missing = needs.libraries.filter((name) => !librariesOf[flavor]!.test(name));
  if (missing.length > 0) {
    return [
      failed('libc', `The program that starts needs ${missing.join(', ')}, which ${target.written} does not have.`),
    ];
  }
  const verdicts: Verdict[] = [
    passed(
      'libc',
      `The program that starts needs ${['glibc', ...needs.libraries].join(', ')}, and all of it is there.`,
      {
        notes: evidence(needs.evidence),
      },
    ),
    glibcVerdict(needs.glibc, target),
  ];
  return needs.opensLibraries
    ? [...verdicts, unproven('libc', 'A program opens libraries by name while it runs, and nobody can see which.')]
    : verdicts;
}

function evidence(sentences: readonly string[]): readonly Note[] {
  return sentences.map((text) => ({ kind: 'checked', text }));
}

function glibcVerdict(asked: string | undefined, target: Target): Verdict {
  const { distribution } = target.facts;
  const has = distribution === undefined ? undefined : glibcOf[`${distribution.name} ${distribution.release ?? ''}`];
  const wanted = asked?.replace(/^GLIBC_/, '');
  if (has === undefined) return unproven('release', `Which glibc ${target.written} has is not known.`);
  return wanted === undefined || compareVersions(wanted, has) <= 0
    ? passed('release', `It asks for glibc ${wanted ?? 'of any version'}, and there is ${has}.`)
    : failed('release', `It asks for glibc ${wanted}, and there is ${has}.`);
}

/** What is copied into the image, by where it comes from: what does not change cannot break. */
function byOrigin(subject: SwapSubject, target: Target, uses: Uses): readonly Verdict[] {
  const { facts } = subject;
  const changesLibc = facts.libc !== target.facts.libc;
  const verdicts: Verdict[] = [];
  for (const { kind, why, line, from } of copiedLinkage(subject)) {
    if (kind === 'static') continue;
    // Interpreted files of the same language: its native modules are looked at by themselves.
    const isSameLanguage = from?.facts?.language !== undefined && from.facts.language.name === facts.language?.name;
    if (isSameLanguage && !isCompiler(from.facts.language.name)) continue;
    const libc = from?.facts?.libc;
    if (
      libc !== undefined &&
      libc === target.facts.libc &&
      !isNewer(from?.facts?.distribution, target.facts.distribution)
    )
      continue;
    if (changesLibc) {
      verdicts.push(
        failed(
          'libc',
          `${why} What was built for ${libc ?? 'another C library'} may not run with ${target.facts.libc ?? 'that of the base'}.`,
          { line, unblock: 'Build it in a stage on the same distribution, or link it statically.' },
        ),
      );
    } else
      verdicts.push(
        unproven('release', `${why} ${target.written} is another release than where it was built.`, { line }),
      );
  }
  const compiled = compiledInContext(subject) ?? programOfContext(subject, uses);
  if (compiled !== undefined && changesLibc)
    verdicts.push(failed('libc', compiled, { unblock: 'Build it in the image.' }));
  const downloaded = changesLibc ? downloadedBinary(subject) : undefined;
  if (downloaded) verdicts.push(downloaded);
  if (verdicts.length > 0) return verdicts;
  const title = target.facts.distribution === undefined ? target.written : distributionTitle(target.facts.distribution);
  return [
    passed(
      'libc',
      changesLibc ? 'Nothing in the image was compiled for another C library.' : 'It is the same C library.',
    ),
    passed('release', `Nothing in the image depends on another release than ${title}.`),
  ];
}

function isCompiler(language: string): boolean {
  return /^(?:Go|Rust|GCC|Swift|Haskell)$/.test(language);
}

/** True where the first is a newer release than the second, or nobody can compare them. */
function isNewer(a: Distribution | undefined, b: Distribution | undefined): boolean {
  if (a?.release === undefined || b?.release === undefined) return true;
  if (a.name === b.name) return compareVersions(a.release, b.release) > 0;
  const [older, newer] = [glibcOf[`${a.name} ${a.release}`], glibcOf[`${b.name} ${b.release}`]];
  return older === undefined || newer === undefined || compareVersions(older, newer) > 0;
}

/** A file of the build context that is copied and compiled already: a library, an addon, a wheel. */
function compiledInContext({ above, project }: SwapSubject): string | undefined {
  for (const scene of above) {
    for (const { sources, from } of copiesOf(scene)) {
      if (from !== undefined) continue;
      const files = sources.flatMap((source) => project.below(joined('', source)));
      const found = files.find(
        (file) => /\.(?:so(?:\.\d+)*|node|whl|dylib|a)$/.test(file) || /(?:^|\/)node_modules\//.test(file),
      );
      if (found === undefined) continue;
      return found.includes('node_modules/')
        ? 'The node_modules of the build context are copied, and what is compiled in them is not known.'
        : `${found} of the build context is compiled already.`;
    }
  }
  return undefined;
}

/** What starts must be one of the files that other stages make: of any other nobody knows what it is. */
function unknownStart(subject: SwapSubject, { programs }: Uses): string | undefined {
  const copies = subject.above.flatMap((scene) => copiesOf(scene)).filter(({ from }) => from !== undefined);
  const isMade = (name: string): boolean => {
    if (name.includes('/') && !name.startsWith('/')) return copies.length > 0;
    const paths = defaultPathsOf(name);
    if (paths.some((path) => copiedFromContext(subject, path) !== undefined)) return false;
    return copies.some(({ places, destination, isFolder }) =>
      paths.some((path) => places.includes(path) || (isFolder && isWithin(path, destination))),
    );
  };
  const odd = programs.find(
    ({ name, contextPath }) => contextPath !== undefined || !isMade(name) || name.endsWith('.sh'),
  );
  return odd && `What ${odd.name} is, which ${odd.by} starts, is not known.`;
}

/** A program that is copied from the context and is no script. */
function programOfContext({ project }: SwapSubject, { programs }: Uses): string | undefined {
  const odd = programs.find(
    ({ contextPath }) => contextPath !== undefined && project.text(contextPath)?.startsWith('#!') !== true,
  );
  return odd && `${odd.contextPath!} of the build context is started, and it is no script.`;
}

/** A program that is fetched from somewhere, most often for glibc. */
function downloadedBinary({ runs, instructions }: SwapSubject): Verdict | undefined {
  for (const run of runs) {
    const fetch = run.programs.find(({ name }) => name === 'curl' || name === 'wget');
    if (fetch === undefined) continue;
    const { line } = run.instruction;
    const isForGlibc = fetch.args.some(({ text }) =>
      /linux-gnu|linux[_-](?:x86_64|amd64|arm64)|\.AppImage|\.deb/i.test(text),
    );
    const unblock = 'Install it with the package manager of the distribution.';
    return isForGlibc
      ? failed('libc', 'A program is downloaded that was built for glibc.', { line, unblock })
      : unproven('libc', 'Something is downloaded, and what it needs is not known.', { line, unblock });
  }
  const added = instructions.find(
    ({ keyword, words }) => keyword === 'ADD' && words.some(({ text }) => /^https?:/.test(text)),
  );
  return added && unproven('libc', 'Something is downloaded, and what it needs is not known.', { line: added.line });
}
