import type { ImageBase, Plan, PlannedCopy } from './ecosystem.ts';
import { releaseImage } from './release.ts';
import type { Subject } from './subject.ts';

/** Where the run-time environment of one's own is. */
const home = '/opt/jre';

/**
 * All of Java SE, and what of the JDK applications use without naming it: elliptic curves, character sets, time zones' names,
 * archives as file systems, `sun.misc.Unsafe`. What jdeps finds would be less, but it sees neither reflection nor services nor jars
 * within jars, and a module that is missing is found out when it is too late.
 */
const modules = [
  'java.se',
  'jdk.charsets',
  'jdk.crypto.ec',
  'jdk.httpserver',
  'jdk.localedata',
  'jdk.management',
  'jdk.naming.dns',
  'jdk.net',
  'jdk.security.auth',
  'jdk.security.jgss',
  'jdk.unsupported',
  'jdk.xml.dom',
  'jdk.zipfs',
];

/**
 * The parts of a plan with a run-time environment made by jlink, where somebody wants that and the release is known on which it
 * is made, since it needs that release's C library; undefined otherwise.
 */
export function jlinkParts(
  subject: Subject,
  major: string | undefined,
): (Pick<Plan, 'program' | 'tail' | 'environment'> & { readonly copy: PlannedCopy }) | undefined {
  if (major === undefined || Number(major) < 11 || subject.facts?.distribution?.release === undefined) return undefined;
  const answer = subject.ask({
    key: 'jlink',
    prompt: 'Make a run-time environment with jlink?',
    choices: [
      { value: 'no', label: 'No: the publisher’s run-time image' },
      { value: 'yes', label: 'Yes: Java SE without tools, on the plain system' },
    ],
    default: 'no',
    detail:
      'It is smaller; modules of the JDK that only tools use are missing in it, and agents that need them do not start.',
  });
  if (answer !== 'yes') return undefined;
  const base: ImageBase = releaseImage(subject);
  // For native debug symbols, of which there are none, --strip-debug needs objcopy since 13.
  const strip = Number(major) >= 13 ? '--strip-java-debug-attributes' : '--strip-debug';
  const compress = Number(major) >= 21 ? 'zip-6' : '2';
  subject.note(
    'changed',
    `The run-time environment is made by jlink, with the modules ${modules.slice(0, 3).join(', ')}, ….`,
  );
  return {
    program: { kind: 'image', bases: [base], computed: [`${home}/`] },
    tail: [
      [
        `RUN jlink --add-modules ${modules.join(',')} \\`,
        `    ${strip} --no-man-pages --no-header-files --compress=${compress} --output ${home}`,
      ].join('\n'),
    ],
    // The plain system has no other locale.
    environment: { JAVA_HOME: home, PATH: `${home}/bin:$PATH`, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    copy: { path: home, isFolder: true, reason: 'the run-time environment that jlink makes' },
  };
}
