import { lineBreakAt } from '../../rules/edit/lines.ts';
import type { Program } from '../../rules/scene/program.ts';
import { isRoot } from '../../rules/scene/user.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan, PlannedCopy } from './ecosystem.ts';
import { applicationCopies, searchedFolders } from './interpreted.ts';
import { type NamedNeeds, neededByName, ownPrograms } from './neededByName.ts';
import type { Reading } from './step.ts';
import { checkSlimmer, slimVariant } from './variants.ts';

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
    const variant = slimVariant(subject, 'Perl');
    checkSlimmer(subject, variant, false);
    const [first] = steps.filter(({ program }) => installsIntoInterpreter(program));
    // Where a folder is named, it is in the application's.
    const beside = steps
      .filter(({ kind, program }) => kind === 'fetch' && !installsIntoInterpreter(program))
      .map(({ folder }) => folder);
    checkPlaces(build);
    const application = applicationCopies(build, new Set(['compile']), beside);
    const copies: readonly PlannedCopy[] =
      first === undefined
        ? application
        : [{ path: library, isFolder: true, reason: 'the modules from CPAN' }, ...application];
    const at = first?.instruction.span.start ?? 0;
    const isSet = first?.instruction.scope.get('PERL5LIB') !== undefined;
    const own = subject.scope.get('PERL5LIB');
    const settings = `ENV PERL_CPANM_OPT=--local-lib=${library} PERL_MM_OPT=INSTALL_BASE=${library} PERL_MB_OPT="--install_base ${library}" PERL5LIB=${library}/lib/perl5${isSet ? ':$PERL5LIB' : ''}${lineBreakAt(subject.dockerfile.text, at)}`;
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
        computed: searchedFolders(copies),
      },
      copies,
      edits: first === undefined ? [] : [{ start: at, end: at, newText: settings }],
      provided: ownPrograms(build.start),
      packages: neededByName(build, variant, needs),
      environment:
        first === undefined
          ? {}
          : { PERL5LIB: `${library}/lib/perl5${own === undefined ? '' : ':$PERL5LIB'}`, PATH: `${library}/bin:$PATH` },
      buildOnly: /^PERL_(?:CPANM_OPT|MM_USE_DEFAULT|MM_OPT|MB_OPT)$/,
      buildFolders: [...application.map(({ path }) => path), library],
    };
    return plan;
  },
};

const needs: NamedNeeds = {
  lists: /(?:^|\/)(?:cpanfile(?:\.snapshot)?|Makefile\.PL|Build\.PL|META\.json)$/,
  modules: /\.(?:pl|pm|psgi|t)$/,
  calls: /\b(?:system|exec|open[23]?|IPC::\w+|qx)\b|`/,
  loaded: {
    'Git::Repository': { debian: ['git'], alpine: ['git'] },
    'Git::Wrapper': { debian: ['git'], alpine: ['git'] },
    'Image::Magick': { debian: ['imagemagick'], alpine: ['imagemagick'] },
  },
};

/** Whether modules go beside those of the interpreter, where the environment does not say otherwise. */
function installsIntoInterpreter(program: Program): boolean {
  return (
    (program.name === 'cpanm' &&
      !program.args.some(({ text }) => /^(?:-[lL]|--local-lib(?:-contained)?(?:=|$))/.test(text))) ||
    makesModule(program)
  );
}

/** What is installed and started must follow the environment to its new place. */
function checkPlaces({ subject, start, steps }: Build): void {
  for (const { program, instruction } of steps) {
    if (!installsIntoInterpreter(program)) continue;
    const { line } = instruction;
    const user = subject.scene.userAt(instruction);
    if (user !== undefined && !isRoot(user)) {
      block('not-root', `Modules are installed as ${user}, who may not write to ${library}.`, {
        line,
        unblock: 'Install them before USER.',
      });
    }
    if (
      program.args.some(({ text }) => /^(?:INSTALL_BASE|PREFIX|DESTDIR|--install_base|--prefix|--sudo|-S$)/.test(text))
    ) {
      block('other-place', 'Modules are installed to a place of their own, from which they cannot be moved for sure.', {
        line,
      });
    }
  }
  const installer = start.programs.find(({ name }) => /^(?:.*\/)?(?:cpanm?|cpm|carton)$/.test(name));
  if (installer !== undefined) {
    block('needs-toolchain', `${installer.by} starts ${installer.name}, which installs when the container starts.`, {
      line: start.line,
      unblock: 'Install in a RUN.',
    });
  }
  const absolute = start.programs.find(({ name }) => /^\/usr\/local\/bin\/(?!perl)/.test(name));
  if (absolute !== undefined) {
    block('absolute-script', `${absolute.by} starts ${absolute.name}, which will be in ${library}.`, {
      line: start.line,
      unblock: 'Start it by its name.',
    });
  }
}

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
      // It reads settings of its own, and has not been looked at.
      return undefined;
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
