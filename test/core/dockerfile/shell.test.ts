import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { shellCommands } from '../../../src/core/dockerfile/shell.ts';
import type { ShellCommand } from '../../../src/core/dockerfile/shellScript.ts';
import { sampleDockerfiles, textOf } from '../../helpers/dockerfiles.ts';

/** What the last instruction of a file runs. */
function lastScript(text: string) {
  const dockerfile = parseDockerfile(text);
  const last = dockerfile.instructions.at(-1)!;
  return shellCommands(dockerfile, last.trigger ?? last);
}

function run(script: string) {
  return lastScript(`FROM a\nRUN ${script}`);
}

/** A command's words as their values, `?` before the text of one that is not known. */
function words(command: ShellCommand): string {
  return command.words.map(({ text, value }) => value ?? `?${text}`).join(' ');
}

describe('commands', () => {
  it.each([
    ['apt-get update && apt-get install -y a', ['apt-get update &&', 'apt-get install -y a']],
    ['a; b | c || d & e', ['a ;', 'b |', 'c ||', 'd &', 'e']],
    ['a |& b', ['a |&', 'b']],
    ['a "b c" \'d e\' f\\ g', ['a b c d e f g']],
    ['a \\\n  # comment\n\n  b \\\n  && c', ['a b &&', 'c']],
    ['(a; b) && { c; }', ['a ;', 'b', 'c']],
    ['if a; then b; else c; fi; d', ['a', 'b', 'c', 'd']],
    ['for i in 1 2; do a $i; done', ['a ?$i']],
    ['while a; do b; done < c', ['a', 'b']],
    ['case $x in a) b ;; *) c ;; esac', ['b', 'c']],
    ['f() { a; }; f', ['a', 'f']],
    ['A=1 B=2 a', ['a']],
    ['A=1', ['']],
    ['export A=b c', ['export A=b c']],
    ['a $(b `c`)', ['a ?$(b `c`)', 'b ?`c`', 'c']],
    ['A=$(b) && c', [' &&', 'b', 'c']],
    ['! a && time b', ['a &&', 'b']],
    ['a # the rest is a comment && b', ['a']],
    ['[ -f x ] && [[ -f y ]] && a', ['[ -f x ] &&', 'a']],
    ['rm -rf /a/* {b,c} ~/d $HOME/e', ['rm -rf /a/* ?{b,c} ~/d ?$HOME/e']],
  ])('%j', (script, expected) => {
    const { kind, commands, problems } = run(script);
    expect({ kind, problems }).toEqual({ kind: 'shell', problems: [] });
    expect(commands.map((command) => `${words(command)}${command.next ? ` ${command.next.operator}` : ''}`)).toEqual(
      expected,
    );
  });

  it.each<[string, string, Partial<ShellCommand>]>([
    ['x || a', 'a', { conditional: true }],
    ['a || x', 'a', { conditional: false }],
    ['x && a', 'a', { conditional: false }],
    ['x && a || y', 'a', { conditional: true }],
    ['x || y && a', 'a', { conditional: false }],
    ['if a; then x; fi', 'a', { conditional: false }],
    ['if x; then a; fi', 'a', { conditional: true }],
    ['if x; then y; else a; fi', 'a', { conditional: true }],
    ['if x; then y; elif a; then z; fi', 'a', { conditional: true }],
    ['case x in y) a;; esac', 'a', { conditional: true }],
    ['for i in 1; do a; done', 'a', { loop: true, conditional: false }],
    ['for i; do a; done', 'a', { loop: true, conditional: true }],
    ['while x; do a; done', 'a', { loop: true, conditional: true }],
    ['until a; do x; done', 'a', { loop: true, conditional: false }],
    ['(a)', 'a', { subshell: true }],
    ['{ a; }', 'a', { subshell: false, conditional: false }],
    ['x $(a)', 'a', { substitution: true }],
    ['x <(a)', 'a', { substitution: true }],
    ['x || y $(a)', 'a', { substitution: true, conditional: true }],
    ['f() { a; }', 'a', { function: 'f' }],
  ])('%j: %s is %j', (script, name, expected) => {
    expect(run(script).commands.find((command) => command.name === name)).toMatchObject(expected);
  });

  it('has redirections', () => {
    const [command] = run('a > /x 2>&1 < y 3<>z <<< "w v"').commands;
    expect(
      command!.redirections.map(({ descriptor, operator, target }) => [descriptor, operator, target?.value]),
    ).toEqual([
      [undefined, '>', '/x'],
      [2, '>&', '1'],
      [undefined, '<', 'y'],
      [3, '<>', 'z'],
      [undefined, '<<<', 'w v'],
    ]);
  });

  it('has assignments', () => {
    const [command] = run('A=1 B="x y" C=$(d) E+=2 a').commands;
    expect(command!.assignments.map(({ name, value }) => [name, value])).toEqual([
      ['A', '1'],
      ['B', 'x y'],
      ['C', undefined],
      ['E', '2'],
    ]);
  });
});

describe('values', () => {
  const value = (script: string) => {
    const { commands } = lastScript(`FROM a\nARG V=1.2 L="a b" E= D\nENV G=*.x\nRUN ${script}`);
    const word = commands.at(-1)!.words.at(-1)!;
    return word.value === undefined ? undefined : `${word.value}${word.glob ? ' (glob)' : ''}`;
  };

  it.each([
    ['a x=$V', 'x=1.2'],
    ['a "${V}"', '1.2'],
    ["a '$V'", '$V'],
    ['a \\$V', '$V'],
    ['a ${V:-x}', '1.2'],
    ['a ${D:-x}', 'x'],
    ['a $D', undefined],
    ['a $U', undefined],
    ['a ${U:-x}', undefined],
    ['a ${V%.*}', undefined],
    ['a "$L"', 'a b'],
    ['a $L', undefined],
    ['a "$E"', ''],
    ['a $E', undefined],
    ['a $G', '*.x (glob)'],
    ['a "$G"', '*.x'],
    ['a *.deb', '*.deb (glob)'],
    ['a "*.deb"', '*.deb'],
    ['a \\*.deb', '*.deb'],
    ['a [ab]?', '[ab]? (glob)'],
    ["a $'x\\ny'", 'x\ny'],
    ['V=2; a $V', undefined],
    ['read V; a $V', undefined],
    ['for V in 1 2; do a $V; done', undefined],
    ['. /etc/os-release; a $V', undefined],
    ['eval x; a $V', undefined],
    ['a $((1 + 2))', undefined],
  ])('%j: the last word is %j', (script, expected) => {
    expect(value(script)).toBe(expected);
  });
});

describe('statements', () => {
  it.each<[string, [string, string][]]>([
    ['a && b;', [['a && b', 'list']]],
    [
      'a; b | c # d',
      [
        ['a', 'command'],
        ['b | c', 'pipeline'],
      ],
    ],
    ['a || b && c', [['a || b && c', 'list ||']]],
    [
      'if a; then b; fi; { c; } && d',
      [
        ['if a; then b; fi', 'compound'],
        ['{ c; } && d', 'list'],
      ],
    ],
    [
      'a & b',
      [
        ['a', 'command &'],
        ['b', 'command'],
      ],
    ],
    [
      'a \\\n  && b \\\n  ; c',
      [
        ['a \\\n  && b', 'list'],
        ['c', 'command'],
      ],
    ],
    [
      '<<E\na && b\n(c)\nE',
      [
        ['a && b', 'list'],
        ['(c)', 'compound'],
      ],
    ],
    ['cat <<E > x && b\nfoo\nE', [['cat <<E > x && b', 'list']]],
    ['a; b )', []],
  ])('%j', (script, expected) => {
    const text = `FROM a\nRUN ${script}`;
    const { statements } = lastScript(text);
    expect(
      statements.map(({ span, form, alternative, background }) => [
        textOf(text, span),
        form + (alternative ? ' ||' : '') + (background ? ' &' : ''),
      ]),
    ).toEqual(expected);
  });
});

describe('kinds', () => {
  it.each([
    ['RUN a', 'shell', 'sh', ['a']],
    ['RUN ["a", "b c"]', 'exec', '', ['a b c']],
    ['CMD a b', 'shell', 'sh', ['a b']],
    ['CMD []', 'exec', '', []],
    ['ENTRYPOINT ["a"]', 'exec', '', ['a']],
    ['HEALTHCHECK --retries=1 CMD a || b', 'shell', 'sh', ['a', 'b']],
    ['HEALTHCHECK CMD ["a", "b"]', 'exec', '', ['a b']],
    ['HEALTHCHECK NONE', 'none', '', []],
    ['COPY a b', 'none', '', []],
    ['RUN', 'none', '', []],
    ['ONBUILD RUN a', 'shell', 'sh', ['a']],
    ['SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN a', 'shell', 'bash', ['a']],
    ['SHELL ["powershell.exe", "-Command"]\nRUN a', 'foreign', 'powershell', []],
    ['SHELL ["/usr/bin/env", "-S", "bash", "-c"]\nRUN a', 'shell', 'bash', ['a']],
    ['SHELL ["busybox", "ash", "-c"]\nRUN a', 'shell', 'ash', ['a']],
    ['SHELL ["zsh", "-c"]\nRUN a', 'foreign', 'zsh', []],
    ['RUN <<E\na\nb c\nE', 'shell', 'sh', ['a', 'b c']],
    ['RUN <<E\n#!/bin/bash -e\na\nE', 'shell', 'bash', ['a']],
    ['RUN <<-E\n\t#!/usr/bin/env python3\n\tprint()\n\tE', 'foreign', 'python3', []],
    ['SHELL ["powershell"]\nRUN <<E\n#!/bin/sh\na\nE', 'shell', 'sh', ['a']],
    ['RUN cat <<E > /x && b\n#!/usr/bin/python3\nE', 'shell', 'sh', ['cat', 'b']],
    ['RUN python3 <<E\nprint()\nE', 'shell', 'sh', ['python3']],
    ['RUN bash -eu <<E\na\nE', 'shell', 'sh', ['bash -eu', 'a']],
    ['RUN sh -c x <<E\na\nE', 'shell', 'sh', ['sh -c x']],
    ['RUN <<A <<B\nx\nA\ny\nB', 'shell', 'sh', ['']],
    ['RUN <<E\nE', 'shell', 'sh', []],
  ])('%j', (lines, kind, interpreter, commands) => {
    const script = lastScript(`FROM a\n${lines}`);
    expect({ ...script, commands: script.commands.map(words) }).toMatchObject({
      kind,
      interpreter,
      commands,
      problems: [],
    });
  });
});

describe('what no shell would take', () => {
  it.each([
    ['echo "open', '"'],
    ['a &&', '&'],
    ['if a; then bc', 'c'],
    ['a \\\n  # c\n  | ) b', ')'],
  ])('%j', (script, at) => {
    const text = `FROM a\nRUN ${script}\n`;
    const { kind, commands, problems } = lastScript(text);
    expect({ kind, commands }).toEqual({ kind: 'shell', commands: [] });
    expect(problems[0]).toMatchObject({ code: 'shell-syntax' });
    expect(textOf(text, problems[0]!.span)).toBe(at);
  });

  it('is found in substitutions too', () => {
    expect(run('a $(b; if c)').problems).not.toEqual([]);
  });
});

/** Takes out what a builder takes out between the lines of an instruction. */
function withoutContinuations(text: string): string {
  return text.replace(/\\[ \t]*(?:\r\n|\n)(?:[ \t]*(?:#[^\n]*)?(?:\r\n|\n))*/g, '');
}

function checkSpans(text: string): number {
  const dockerfile = parseDockerfile(text);
  let checked = 0;
  for (const instruction of dockerfile.instructions) {
    const inHeredoc = instruction.heredocs.length > 0;
    const { kind, commands } = shellCommands(dockerfile, instruction.trigger ?? instruction);
    for (const command of commands) {
      expect(command.span.start).toBeGreaterThanOrEqual(instruction.argsSpan.start);
      expect(command.span.end).toBeLessThanOrEqual(instruction.span.end);
      for (const word of [...command.words, ...command.redirections.flatMap(({ target }) => target ?? [])]) {
        const written = textOf(text, word.span);
        // In a heredoc nothing is joined: the shell does that itself.
        expect(inHeredoc ? written.replaceAll('\r\n', '\n') : withoutContinuations(written)).toBe(word.text);
        if (kind !== 'exec') {
          expect(word.span.start).toBeGreaterThanOrEqual(command.span.start);
          expect(word.span.end).toBeLessThanOrEqual(command.span.end);
        }
        checked++;
      }
      const { next } = command;
      if (next) {
        const operator = textOf(text, next.span);
        expect(operator === '\n' ? ';' : withoutContinuations(operator)).toBe(next.operator);
      }
    }
  }
  return checked;
}

describe('spans lead back to the words', () => {
  it.each([...sampleDockerfiles])('%s', (_, text) => {
    expect(checkSpans(text)).toBeGreaterThan(0);
  });

  const eol = fc.constantFrom('\n', '\r\n');
  const join = eol.chain((end) =>
    fc.constantFrom(
      ' ',
      '  ',
      ` \\${end}  `,
      `\\${end}`,
      ` \\ ${end}\t`,
      ` \\${end}  # c && "${end}  `,
      ` \\${end}${end}# d${end}`,
    ),
  );
  const word = fc.constantFrom('a', 'b=c', '"d e"', "'f g'", '$V', '${V:-x}', '$(h i)', '/j/*', '--k="l m"', '-n');
  const operator = fc.constantFrom('&&', '||', ';', '|', '&&');
  const command = fc.array(fc.tuple(join, word), { minLength: 1, maxLength: 5 });
  const script = fc.array(fc.tuple(command, join, operator), { minLength: 1, maxLength: 5 });
  const broken = fc.tuple(word, fc.nat(), eol).map(([text, at, end]) => {
    const cut = at % (text.length + 1);
    return `${text.slice(0, cut)}\\${end}${text.slice(cut)}`;
  });

  it('through any continuations between words', () => {
    fc.assert(
      fc.property(script, join, word, (parts, last, end) => {
        const body = parts.map(
          ([words, space, joint]) => `x${words.map((pair) => pair.join('')).join('')}${space}${joint}`,
        );
        const text = `FROM a\nRUN ${body.join(' ')}${last}${end} y\nCMD z`;
        expect(checkSpans(text)).toBeGreaterThan(1);
      }),
      { numRuns: 300 },
    );
  });

  it('through continuations inside of words', () => {
    fc.assert(
      fc.property(fc.array(broken, { minLength: 1, maxLength: 5 }), (parts) => {
        expect(checkSpans(`FROM a\nRUN x ${parts.join(' ')}\nCMD z`)).toBeGreaterThan(1);
      }),
      { numRuns: 300 },
    );
  });

  it('in heredocs', () => {
    const line = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => `x ${parts.join(' ')}`);
    const body = fc.tuple(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      eol,
      fc.boolean(),
      fc.constantFrom('', 'cat ', 'bash '),
    );
    fc.assert(
      fc.property(body, ([lines, end, strip, before]) => {
        const tab = strip ? '\t\t' : '';
        const heredoc = [`RUN ${before}<<${strip ? '-' : ''}E`, ...lines.map((text) => tab + text), `${tab}E`, 'CMD z'];
        expect(checkSpans(`FROM a${end}${heredoc.join(end)}`)).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('scripts that are no work of people', () => {
  it.each([
    ['a heredoc of many lines beside another', `<<A <<B\n${'x\n'.repeat(200_000)}`],
    ['substitutions in substitutions', `${'$('.repeat(5000)}a${')'.repeat(5000)}`],
    ['groups in groups', `${'{ '.repeat(5000)}a${'; }'.repeat(5000)}`],
  ])('%s', (_, script) => {
    expect(() => run(script)).not.toThrow();
  });

  it('says of what is nested too deeply that it is', () => {
    const script = run(`a; ${'$('.repeat(3000)}b${')'.repeat(3000)}`);
    expect(script.commands).toEqual([]);
    expect(script.problems.map(({ message }) => message)).toContainEqual(expect.stringContaining('nested too deeply'));
  });
});
