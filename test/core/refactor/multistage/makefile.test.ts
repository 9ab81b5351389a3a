import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readMakefile } from '../../../../src/core/refactor/multistage/makefile.ts';
import { MakeText, unknownWords } from '../../../../src/core/refactor/multistage/makeText.ts';

function commands(lines: readonly string[], target?: string, given?: Record<string, string>) {
  const makefile = readMakefile(`${lines.join('\n')}\n`, given);
  return makefile?.commandsOf(target ?? makefile.defaultTarget ?? '');
}

describe('the commands of a target', () => {
  it.each<[string, string[], string[] | undefined]>([
    ['its own', ['a: a.c', '\tcc -o a a.c'], ['cc -o a a.c']],
    ['those of its prerequisites first', ['a: b', '\tlink', 'b:', '\tcompile'], ['compile', 'link']],
    ['the first target', ['.PHONY: all', 'all: a', 'a:', '\tone', 'b:', '\ttwo'], ['one']],
    ['another default', ['.DEFAULT_GOAL := b', 'a:', '\tone', 'b:', '\ttwo'], ['two']],
    ['behind a semicolon', ['a: ; one'], ['one']],
    ['prefixes of recipes', ['a:', '\t@one', '\t-two', '\t@-three'], ['one', 'two', 'three']],
    ['a line that goes on', ['a:', '\tone \\', '\t  two'], ['one  two']],
    ['comments', ['# a', 'a: # b', '\tone'], ['one']],
    ['automatic variables', ['a: b.c c.c', '\tcc -o $@ $< $^ $(@F) $(<D)'], ['cc -o a b.c b.c c.c a .']],
    [
      'a rule for many files',
      ['bin/a: bin/a.o', '\tld $^', 'bin/%.o: %.c', '\tcc -c -o $@ $< # $*'],
      ['cc -c -o bin/a.o a.c # a', 'ld bin/a.o'],
    ],
    ['a rule for named files', ['all: a.o', 'a.o b.o: %.o: %.c', '\tcc -c $*'], ['cc -c a.o']],
    ['prerequisites without a recipe', ['a: b', 'a: c', '\tlink $^'], ['link b c']],
    ['rules that go round', ['a: b', '\tone', 'b: a', '\ttwo'], ['two', 'one']],
    ['an unknown target', ['a:', '\tone', 'b: c'], ['one']],
    ['dependency files that are not there yet', ['-include $(DEPS)', 'a:', '\tone'], ['one']],
    ['a file that is included', ['include rules.mk', 'a:', '\tone'], undefined],
    ['a definition of several lines', ['define x', 'y', 'endef', 'a:', '\tone'], undefined],
    ['a variable of one target', ['a: CFLAGS = -g', 'a:', '\tone'], undefined],
    ['a function of its own', ['a:', '\t$(call run,x)'], undefined],
  ])('%s', (_, lines, expected) => {
    expect(commands(lines)).toEqual(expected);
  });

  it('none where there is no such rule', () => {
    expect(commands(['a:', '\tone'], 'install')).toBeUndefined();
  });
});

describe('variables', () => {
  it.each<[string, string[], string]>([
    ['=', ['X = 1', 'a:', '\t$(X)'], '1'],
    ['braces and single letters', ['X = 1', 'a:', '\t${X}$X'], '11'],
    ['what comes later', ['Y = $(X)', 'X = 1', 'a:', '\t$Y'], '1'],
    [':= takes what was before', ['Y := $(X)0', 'X = 1', 'a:', '\t$Y'], '0'],
    ['?= keeps', ['X = 1', 'X ?= 2', 'a:', '\t$X'], '1'],
    ['?= changes what make brings', ['CC ?= gcc', 'a:', '\t$(CC)'], 'gcc'],
    ['+=', ['X = 1', 'X += 2', 'a:', '\t$X'], '1 2'],
    ['the command line has the last word', ['G = 1', 'a:', '\t$G'], 'given'],
    ['dollars for the shell', ['a:', '\techo $$HOME'], 'echo $HOME'],
    ['endings', ['S = a.c b.c', 'O := $(S:.c=.o)', 'a:', '\t$O'], 'a.o b.o'],
    ['patterns', ['S = a.c', 'a:', '\t$(S:%.c=o/%.o)'], 'o/a.o'],
    ['patsubst', ['a:', '\t$(patsubst %.c,%.o,a.c b.h)'], 'a.o b.h'],
    ['functions in functions', ['a:', '\t$(addprefix o/,$(notdir x/a.c y/b.c))'], 'o/a.c o/b.c'],
    ['dir, basename, strip', ['a:', '\t$(dir x/a.c) $(basename a.c) $(strip  a )'], 'x/ a a'],
    ['subst', ['a:', '\t$(subst a,b,aXa)'], 'bXb'],
    ['lists that only make knows', ['a:', '\tcc $(wildcard *.c)'], `cc ${unknownWords}`],
    ['output of commands', ['V != date', 'a:', '\t$V $(shell date)'], `${unknownWords} ${unknownWords}`],
    ['the system', ['a:', '\t$(shell uname -s)'], 'Linux'],
  ])('%s', (_, lines, expected) => {
    expect(commands(lines, undefined, { G: 'given' })).toEqual([expected]);
  });

  test('that name each other twice come to an end', () => {
    const lines = Array.from({ length: 25 }, (_, at) => `V${at} = $(V${at + 1})$(V${at + 1})$(V${at + 1})`);
    expect(commands([...lines, 'V25 = long', 'a:', '\t$(V0)'])).toBeUndefined();
  });
});

describe('conditions', () => {
  it.each<[string, string[], string[] | undefined]>([
    ['ifeq that holds', ['ifeq ($(X),1)', 'Y = a', 'else', 'Y = b', 'endif'], ['a']],
    ['ifneq in quotes', ['ifneq "$(X)" "1"', 'Y = a', 'else', 'Y = b', 'endif'], ['b']],
    ['ifdef', ['ifdef X', 'Y = a', 'endif'], ['a']],
    ['ifndef', ['ifndef X', 'Y = a', 'else', 'Y = b', 'endif'], ['b']],
    ['another system', ['ifeq ($(OS),Windows_NT)', 'Y = a', 'else', 'Y = b', 'endif'], ['b']],
    ['a chain', ['ifeq ($(X),0)', 'Y = a', 'else ifeq ($(X),1)', 'Y = b', 'else', 'Y = c', 'endif'], ['b']],
    ['one in another', ['ifdef NONE', 'ifdef X', 'Y = a', 'endif', 'else', 'Y = b', 'endif'], ['b']],
    ['what only make knows', ['ifeq ($(shell date),1)', 'Y = a', 'endif'], undefined],
    [
      'what does not count is not looked at',
      ['ifdef NONE', 'include x.mk', 'ifeq ($(shell date),1)', 'endif', 'endif', 'Y = b'],
      ['b'],
    ],
  ])('%s', (_, lines, expected) => {
    expect(commands(['X = 1', ...lines, 'all:', '\t$(Y)'])).toEqual(expected);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...[
      '$(',
      '${',
      ')',
      '}',
      '$',
      '$$',
      '%',
      ':',
      '=',
      ':=',
      '\t',
      '\n',
      '\r\n',
      ' ',
      '\\\n',
      '#',
      ',',
      ';',
      '|',
      'a',
      'CC',
    ],
    ...['ifeq', 'else', 'endif', 'ifdef X', 'include', 'define', 'patsubst', 'shell', '@', '<', '"', "'", '-', '.d'],
  );

  test('is read or not, and never fails', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const makefile = readMakefile(pieces.join(''));
        const found = makefile?.commandsOf(makefile.defaultTarget ?? 'all');
        expect(found === undefined || found.every((command) => command.trim() !== '')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['opened', '$('.repeat(50_000)],
    ['nested', `${'$('.repeat(20_000)}a${')'.repeat(20_000)}`],
    ['blanks', `a${' '.repeat(100_000)}b`],
    ['colons', 'a:'.repeat(50_000)],
    ['rules', 'a: b\n\tx\n'.repeat(20_000)],
    ['conditions', 'ifdef X\n'.repeat(20_000)],
  ])('takes time by its length: %s', (_, text) => {
    const began = performance.now();
    const makefile = readMakefile(`all:\n\t${text}\n${text}\n`);
    makefile?.commandsOf('all');
    // A hundred times what it takes; anything that looks twice at every pair of signs takes minutes.
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test('what is put in is not looked into once more', () => {
    expect(
      new MakeText(
        new Map([
          ['X', '$$(Y)'],
          ['Y', 'z'],
        ]),
      ).expand('$(X)'),
    ).toBe('$(Y)');
  });
});
