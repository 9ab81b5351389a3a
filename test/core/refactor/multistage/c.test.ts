import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';
import type { Files } from '../../../helpers/refactorProject.ts';

const main = '#include <stdio.h>\nint main(void) { puts("hello"); }\n';

function program(
  run: string,
  files: Files = {},
  { base = 'debian:trixie', cmd = '["./a"]', more = [] as readonly string[] } = {},
) {
  return {
    lines: [`FROM ${base}`, 'WORKDIR /src', 'COPY . .', `RUN ${run}`, ...more, `CMD ${cmd}`],
    files: { 'a.c': main, ...files },
  };
}

describe('the run base', () => {
  it.each<[string, string, Files, string]>([
    ['the C library only', 'gcc -o a a.c -lm', {}, 'gcr.io/distroless/base-nossl-debian13'],
    ['C++', 'g++ -o a a.cpp', { 'a.cpp': main }, 'gcr.io/distroless/cc-debian13'],
    ['static', 'gcc -static -o a a.c', {}, 'scratch'],
    ['another library', 'gcc -o a a.c -lz', {}, 'debian:trixie-slim'],
    ['passwords, which are no part of the C library any more', 'gcc -o a a.c -lcrypt', {}, 'debian:trixie-slim'],
    ['OpenMP', 'gcc -fopenmp -o a a.c', {}, 'debian:trixie-slim'],
    ['atomic operations', 'gcc -o a a.c -latomic', {}, 'debian:trixie-slim'],
    ['a shell', 'gcc -o a a.c', { 'a.c': 'int main(void) { return system("ls | wc"); }' }, 'debian:trixie-slim'],
    ['a tool', 'gcc -o a a.c', { 'a.c': 'int main(void) { execlp("curl", "curl", 0); }' }, 'debian:trixie-slim'],
    [
      'a comment',
      'gcc -o a a.c',
      { 'a.c': '/* no system(x) */\nint main(void) {}' },
      'gcr.io/distroless/base-nossl-debian13',
    ],
  ])('for %s', (_, run, files, base) => {
    expect(proposed(program(run, files)).proposal.runBase).toBe(base);
  });
});

describe('refused', () => {
  it.each<[string, string, Files, string]>([
    ['a library by name', 'gcc -o a a.c', { 'a.c': 'int main(void) { dlopen(p, 1); }' }, 'refused dynamic-loading'],
    [
      'a command that only the program knows',
      'gcc -o a a.c',
      { 'a.c': 'int main(void) { system(line); }' },
      'refused starts-programs',
    ],
    [
      'a Makefile that runs what nobody knows',
      'make',
      { Makefile: 'a:\n\tfetch-it a\n' },
      'refused unreadable-makefile',
    ],
    [
      'a Makefile that installs packages',
      'make',
      { Makefile: 'a:\n\tapt-get install -y x\n\tcc -o a a.c\n' },
      'refused unreadable-makefile',
    ],
    [
      'a call of make without a Makefile',
      'make',
      { Makefile: 'a:\n\t$(MAKE) -C lib\n' },
      'refused unreadable-makefile',
    ],
    [
      'an installation of files that only make knows',
      'make install',
      { Makefile: 'install:\n\tcp $(wildcard *.txt) /usr/local/bin\n\tcc -o /usr/local/bin/a a.c\n' },
      'refused install-unknown',
    ],
  ])('%s', (_, run, files, outcome) => {
    const cmd = run === 'make install' ? '["/usr/local/bin/a"]' : '["./a"]';
    expect(outcomeOf(program(run, files, { cmd }))).toBe(outcome);
  });
});

describe('an installation', () => {
  const installing = (files: Files, run: string, cmd: string) => proposed(program(run, files, { cmd })).text;

  it('with names is copied from where it is', () => {
    const Makefile =
      'P = /opt/t\na: a.c\n\tcc -o a a.c\ninstall: a\n\tinstall -D a $(P)/bin/a\n\tinstall -m 644 t.conf /etc/t.conf\n';
    const text = installing({ Makefile }, 'make install', '["/opt/t/bin/a"]');
    expect(text).toContain('COPY --from=build /opt/t/bin/a /opt/t/bin/a');
    expect(text).toContain('COPY --from=build /etc/t.conf /etc/t.conf');
    expect(text).not.toContain('DESTDIR');
    expect(text).not.toContain('LD_LIBRARY_PATH');
  });

  it('by a generated Makefile is made once more', () => {
    const text = installing(
      { configure: '#!/bin/sh\n' },
      './configure --prefix=/opt/t --sysconfdir=/etc/t && make && make install',
      '["/opt/t/bin/a"]',
    );
    expect(text).toContain(
      'RUN make install DESTDIR=/run-install && \\\n    mkdir -p /run-install/opt/t /run-install/etc/t',
    );
    expect(text).toContain('COPY --from=build /run-install/opt/t/ /opt/t/');
    expect(text).toContain('COPY --from=build /run-install/etc/t/ /etc/t/');
  });

  it.each([
    ['CMakeLists.txt', 'install(FILES a.conf DESTINATION /etc/a)', '/etc/a/'],
    ['CMakeLists.txt', 'install(FILES a.conf DESTINATION "/etc/a/")', '/etc/a/'],
    ['meson.build', "install_data('a.service', install_dir: '/lib/systemd/system')", '/lib/systemd/system/'],
    ['Makefile.am', 'confdir = /etc/a\nconf_DATA = a.conf\n', '/etc/a/'],
  ])('into a folder that %s names by an absolute path: %s', (file, content, folder) => {
    const text = installing(
      { configure: '#!/bin/sh\n', [file]: content },
      './configure && make && make install',
      '["/usr/local/bin/a"]',
    );
    expect(text).toContain(`COPY --from=build /run-install${folder} ${folder}`);
  });

  it('into what nobody knows of stops the build', () => {
    const text = installing(
      { configure: '#!/bin/sh\n' },
      './configure --prefix=/opt/t && make && make install',
      '["/opt/t/bin/a"]',
    );
    expect(text).toContain("RUN if find /run-install ! -type d | grep -vE '^/run-install/(opt/t/)'; then exit 1; fi");
  });

  it('whose sources are removed is made once more at once', () => {
    const text = installing(
      { configure: '#!/bin/sh\n' },
      './configure && make && make install && cd / && rm -rf /src',
      '["/usr/local/bin/a"]',
    );
    expect(text).toContain('make install && make install DESTDIR=/run-install && cd / && rm -rf /src');
    expect(text).toContain('COPY --from=build /run-install/usr/local/bin/ /usr/local/bin/');
  });

  it('beside something else in the same folder leaves that alone', () => {
    const text = installing(
      { configure: '#!/bin/sh\n' },
      './configure && make && make install && curl -o /usr/local/bin/wait https://example.com/wait',
      '["/usr/local/bin/a"]',
    );
    expect(text).toContain('COPY --from=build /usr/local/bin/wait /usr/local/bin/wait');
  });

  it('of several is made once more for each', () => {
    const run = 'cd lib && ./configure && make && make install && cd .. && ./configure && make && make install';
    const text = installing({ configure: '#!/bin/sh\n', 'lib/configure': '#!/bin/sh\n' }, run, '["/usr/local/bin/a"]');
    expect(text).toContain('RUN cd /src/lib && make install DESTDIR=/run-install');
    expect(text).toContain('RUN make install DESTDIR=/run-install');
  });
});

describe('a library of the project', () => {
  it('goes to where a variable says', () => {
    const run = 'gcc -shared -o libx.so x.c && gcc -o a a.c -L. -lx';
    const { text } = proposed(program(run, { 'x.c': '' }, { more: ['ENV LD_LIBRARY_PATH=/src'] }));
    expect(text).toContain('COPY --from=build /run-libraries/ /src/');
    expect(text.match(/LD_LIBRARY_PATH/g)).toHaveLength(2);
  });

  it('is looked for where nothing says so', () => {
    const CMakeLists = 'project(a C)\nadd_library(x SHARED x.c)\nadd_executable(a a.c)\ntarget_link_libraries(a x)\n';
    const conversion = program(
      'cmake -B build . && cmake --build build',
      { 'CMakeLists.txt': CMakeLists },
      { cmd: '["build/a"]' },
    );
    const { text } = proposed(conversion);
    expect(text).toContain('ENV LD_LIBRARY_PATH=/usr/local/lib');
    expect(text).toContain('COPY --from=build /run-libraries/ /usr/local/lib/');
  });
});

it('does not copy what is removed', () => {
  const { text } = proposed(
    program(
      'gcc -o /usr/bin/a a.c && rm -rf /src/data',
      { 'a.c': 'int main(void) { fopen("data/x", "r"); }', 'data/x': '1' },
      { cmd: '["a"]' },
    ),
  );
  expect(text).not.toContain('/src/data /src/data');
});

describe('files by a pattern', () => {
  it('go along with the folder around them', () => {
    const { text } = proposed(program('gcc -o a a.c && mkdir -p /opt/data && cp *.txt /opt/data/', { 'x.txt': '' }));
    expect(text).toContain('COPY --from=build /opt/data /opt/data');
  });

  it('are not guessed among those of the system', () => {
    expect(outcomeOf(program('gcc -o a a.c && cp *.txt /etc/', { 'x.txt': '' }))).toBe('refused unknown-files');
  });
});

describe('a program that a variable names', () => {
  it.each<[string, string]>([
    ['gcc -o a a.c', 'asked artefact'],
    ['gcc -o a a.c && gcc -o b b.c', 'asked artefact'],
    ['gcc -shared -o liba.so a.c && gcc -c -o a.o a.c', 'refused artefact-unknown'],
  ])('%s: %s', (run, outcome) => {
    expect(outcomeOf(program(run, { 'b.c': main }, { cmd: 'exec ./$NAME' }))).toBe(outcome);
  });
});
