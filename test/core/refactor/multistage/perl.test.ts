import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';

interface Project {
  readonly base?: string;
  readonly before?: readonly string[];
  readonly install?: string;
  readonly then?: readonly string[];
  readonly start?: string;
}

function project({ base, before = [], install, then = [], start }: Project) {
  return {
    lines: [
      `FROM ${base ?? 'perl:5.40-bookworm'}`,
      'WORKDIR /app',
      ...before,
      'COPY cpanfile ./',
      `RUN ${install ?? 'cpanm --installdeps .'}`,
      'COPY app.pl ./',
      ...then,
      start ?? 'CMD ["perl", "app.pl"]',
    ],
    files: { cpanfile: "requires 'Plack';\n", 'app.pl': 'use Plack;\n' },
  };
}

function stages(given: Project): { readonly build: string; readonly run: string } {
  const { text } = proposed(project(given));
  const at = text.lastIndexOf('\nFROM ');
  return { build: text.slice(0, at), run: text.slice(at + 1) };
}

describe('modules go into a folder of their own from', () => {
  it.each(['cpanm --installdeps .', 'cpanm Plack Starman', 'perl Makefile.PL && make && make install'])(
    '%s',
    (install) => {
      const { build, run } = stages({ install });
      expect(build).toMatch(/^ENV PERL_CPANM_OPT=--local-lib=\/opt\/perl5 .* PERL5LIB=\/opt\/perl5\/lib\/perl5$/m);
      expect(run).toContain('ENV PERL5LIB=/opt/perl5/lib/perl5\n');
      expect(run).toContain('ENV PATH="/opt/perl5/bin:$PATH"\n');
      expect(run).toContain('COPY --from=build /opt/perl5 /opt/perl5\n');
    },
  );
});

it.each(['cpanm -L local --installdeps .', 'cpanm -l local Plack', 'cpanm --local-lib-contained=local Plack'])(
  'modules stay in the folder of the application with %s',
  (install) => {
    const { build, run } = stages({ install });
    expect(build + run).not.toContain('/opt/perl5');
    expect(run).toContain('COPY --from=build /app /app\n');
  },
);

describe('folders of modules that the file names are kept', () => {
  it.each<[string, Project]>([
    ['before', { before: ['ENV PERL5LIB=/app/lib'] }],
    ['after', { then: ['ENV PERL5LIB=/app/lib'] }],
  ])('%s', (place, given) => {
    const { build, run } = stages(given);
    expect(build.includes('PERL5LIB=/opt/perl5/lib/perl5:$PERL5LIB')).toBe(place === 'before');
    expect(run).toContain('ENV PERL5LIB=/app/lib\n');
    expect(run).toContain('ENV PERL5LIB="/opt/perl5/lib/perl5:$PERL5LIB"\n');
  });
});

it.each([
  ['perl:5.40-bookworm', 'perl:5.40-slim-bookworm'],
  ['perl:5.42-threaded-trixie', 'perl:5.42-slim-threaded-trixie'],
])('the run stage of %s is %s', (base, expected) => {
  expect(stages({ base }).run.split('\n')[0]).toBe(`FROM ${expected}`);
});

describe('refuses', () => {
  it.each<[string, string, Project]>([
    ['a tool that knows no folder', 'unknown-command', { install: 'cpan Plack' }],
    ['a tool of its own ways', 'unknown-command', { install: 'cpanm Carton && carton install' }],
    ['a script by its path', 'absolute-script', { start: 'CMD ["/usr/local/bin/starman"]' }],
    ['a user without rights', 'not-root', { before: ['USER nobody'] }],
    ['a place of its own', 'other-place', { install: 'perl Makefile.PL INSTALL_BASE=/x && make install' }],
    ['slim', 'no-benefit', { base: 'perl:5.40-slim-bookworm' }],
    ['modules at the start', 'needs-toolchain', { start: 'CMD cpanm --installdeps . && perl app.pl' }],
  ])('%s', (_, code, given) => {
    expect(outcomeOf(project(given))).toBe(`refused ${code}`);
  });
});
