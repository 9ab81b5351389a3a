import { lineBreakAt } from '../../rules/edit/lines.ts';
import type { Program } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Ecosystem, Plan, PlannedCopy } from './ecosystem.ts';
import { applicationCopies } from './interpreted.ts';
import type { Reading } from './step.ts';
import { slimVariant } from './variants.ts';

/** Where modules go that the file installs into the interpreter itself. */
const library = '/opt/perl5';

/** Applications in Perl: a library folder of their own goes along, onto the slim variant of the same interpreter. */
export const perl: Ecosystem = {
  id: 'perl',
  name: 'Perl',

  detect(subject) {
    return (
      subject.image === 'perl' &&
      subject.scene.runs.some((run) =>
        run.programs.some((program) => /^(?:cpanm|cpan|carton|cpm)$/.test(program.name) || makesModule(program)),
      )
    );
  },

  read: readPerl,

  plan(build) {
    const { subject, steps } = build;
    const { line } = subject.stage.from;
    const variant = slimVariant(subject);
    if (variant === undefined) block('unknown-base', 'What this image of Perl brings is not known.', { line });
    if (variant.reference === subject.base.text)
      block('no-benefit', 'The base is slim already, and only what runs is installed.', { line });
    const installs = steps.filter(({ program }) => program.name === 'cpanm' || makesModule(program));
    const [first] = installs;
    const application = applicationCopies(build, new Set(['compile']));
    const copies: readonly PlannedCopy[] =
      first === undefined
        ? application
        : [{ path: library, isFolder: true, reason: 'the modules from CPAN' }, ...application];
    const at = first?.instruction.span.start ?? 0;
    const settings = `ENV PERL_CPANM_OPT=--local-lib=${library} PERL_MM_OPT=INSTALL_BASE=${library} PERL_MB_OPT="--install_base ${library}" PERL5LIB=${library}/lib/perl5${lineBreakAt(subject.dockerfile.text, at)}`;
    if (first !== undefined)
      subject.note(
        'changed',
        `Modules are installed into ${library}, which is copied as it is.`,
        first.instruction.line,
      );
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [variant],
        computed: copies.filter(({ isFolder }) => isFolder).map(({ path }) => `${path}/`),
      },
      copies,
      edits: first === undefined ? [] : [{ start: at, end: at, newText: settings }],
      environment: first === undefined ? {} : { PERL5LIB: `${library}/lib/perl5`, PATH: `${library}/bin:$PATH` },
      buildOnly: /^PERL_(?:CPANM_OPT|MM_USE_DEFAULT|MM_OPT|MB_OPT)$/,
      buildFolders: [...application.map(({ path }) => path), library],
    };
    return plan;
  },
};

/** `perl Makefile.PL`: it writes the Makefile that installs a module. */
function makesModule({ name, args }: Program): boolean {
  return name === 'perl' && args.some(({ value }) => /^(?:Makefile|Build)\.PL$/.test(value ?? ''));
}

export function readPerl({ name, args }: Program): Reading | undefined {
  switch (name) {
    case 'cpanm':
      return { kind: 'fetch' };
    case 'cpan':
    case 'cpm':
      // They know no folder of one's own that the environment could name.
      return undefined;
    case 'carton':
      return { kind: 'compile' };
    case 'make':
    case 'Build':
      return { kind: 'compile' };
    case 'prove':
      return { kind: 'test' };
    case 'perl':
      return { kind: args.some(({ text }) => /^-[vcV]/.test(text)) ? 'neutral' : 'compile' };
    default:
      return undefined;
  }
}
