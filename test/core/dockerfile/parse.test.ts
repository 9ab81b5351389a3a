import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { textOf } from '../../helpers/dockerfiles.ts';
import { countTextWork } from '../../helpers/textWork.ts';

function problems(text: string) {
  return parseDockerfile(text).problems.map(({ code, span }) => `${code}: ${textOf(text, span)}`);
}

describe('instructions', () => {
  it.each([
    ['FROM a\nRUN b', ['FROM a', 'RUN b']],
    ['from a\nRun b\n', ['from a', 'Run b']],
    ['FROM a\r\nRUN b \\\r\n  c\r\n', ['FROM a', 'RUN b \\\r\n  c']],
    ['FROM a\rRUN b\r', ['FROM a', 'RUN b']],
    ['\uFEFFFROM a\nRUN b', ['FROM a', 'RUN b']],
    ['  FROM a  \n\tRUN b\t\n', ['FROM a', 'RUN b']],
    ['FROM a\nRUN b \\\n# c\n\n  d\nRUN e', ['FROM a', 'RUN b \\\n# c\n\n  d', 'RUN e']],
    ['FROM a\nRUN b \\ \t\n c\nRUN d', ['FROM a', 'RUN b \\ \t\n c', 'RUN d']],
    ['FROM a\nRUN b\\\\\nRUN c', ['FROM a', 'RUN b\\\\', 'RUN c']],
    ['FROM a\nRUN b \\', ['FROM a', 'RUN b']],
    ['FROM a\nRUN b \\\n# c', ['FROM a', 'RUN b']],
    ['\\\nFROM a', ['FROM a']],
    ['FR\\\nOM a', ['FR\\\nOM a']],
    ['\\\n\\\n', []],
    ['# escape=`\nFROM a\nRUN dir `\n c:\\\nRUN x', ['FROM a', 'RUN dir `\n c:\\', 'RUN x']],
    ['FROM a\nRUN <<E\nRUN b\nE\nRUN c', ['FROM a', 'RUN <<E\nRUN b\nE', 'RUN c']],
    ['FROM a\nRUN <<E\r\nRUN b\r\nE\r\nRUN c', ['FROM a', 'RUN <<E\r\nRUN b\r\nE', 'RUN c']],
  ])('%j', (text, expected) => {
    const { instructions } = parseDockerfile(text);
    expect(instructions.map(({ span }) => textOf(text, span))).toEqual(expected);
  });

  it('knows the lines, heredocs included', () => {
    const { instructions } = parseDockerfile('\nFROM a\nRUN <<E \\\n  x\nb\nE\nRUN c\n');
    expect(instructions.map(({ line, endLine }) => [line, endLine])).toEqual([
      [2, 2],
      [3, 6],
      [7, 7],
    ]);
  });

  it('keeps comments, those inside continuations too, but not directives or heredoc lines', () => {
    const text = '# syntax=x\n# one\nFROM a\nRUN <<E \\\n  # two\n  b\n# no comment\nE\n  # three';
    expect(parseDockerfile(text).comments.map((span) => textOf(text, span))).toEqual(['# one', '# two', '# three']);
  });
});

describe('words', () => {
  it.each([
    ['FROM a AS b', ['a', 'AS', 'b']],
    ['COPY "a b" c', ['"a', 'b"', 'c']],
    ['COPY ["a b", "c"]', ['"a b"', '"c"']],
    ['ENV A="x y" B=z\\ w', ['A="x y"', 'B=z\\ w']],
    ["ENV A='x\\' B=2", ["A='x\\'", 'B=2']],
    ['ENV A x  "y"  z', ['A', 'x  "y"  z']],
    ['LABEL a.b="c d" e=f', ['a.b="c d"', 'e=f']],
    ['ARG A B=1', ['A', 'B=1']],
    ['WORKDIR /a b', ['/a b']],
    ['EXPOSE 80 443/tcp', ['80', '443/tcp']],
    ['RUN a b', []],
    ['RUN ["a", "b\\"c"]', ['"a"', '"b\\"c"']],
    ['HEALTHCHECK --retries=3 CMD a b', ['CMD']],
    ['HEALTHCHECK CMD ["a"]', ['CMD', '"a"']],
    ['COPY a\\\nb \\\n # c\n  d', ['ab', 'd']],
  ])('%j', (line, words) => {
    expect(parseDockerfile(line).instructions[0]!.words.map(({ text }) => text)).toEqual(words);
  });

  it('has spans that hold the word and nothing else', () => {
    const text = 'COPY \\\n  # c\n  a\\\nb \\\n  d';
    const { words, argsSpan } = parseDockerfile(text).instructions[0]!;
    expect(words.map(({ span }) => textOf(text, span))).toEqual(['a\\\nb', 'd']);
    expect(textOf(text, argsSpan)).toBe('a\\\nb \\\n  d');
  });
});

describe('flags', () => {
  it.each([
    [
      'COPY --from=a --link b c',
      [
        ['from', 'a'],
        ['link', undefined],
      ],
    ],
    [
      'RUN --mount=type=cache,target=/x --mount=type=bind,from=b c',
      [
        ['mount', 'type=cache,target=/x'],
        ['mount', 'type=bind,from=b'],
      ],
    ],
    ['COPY --chown="a b" c d', [['chown', 'a b']]],
    ['RUN -- --x', []],
    ['RUN echo --x', []],
    ['COPY --from=\\\na b c', [['from', 'a']]],
  ])('%j', (line, flags) => {
    expect(parseDockerfile(line).instructions[0]!.flags.map(({ name, value }) => [name, value])).toEqual(flags);
  });

  it('has spans for the flag and its value', () => {
    const text = 'COPY --chown="a b" c d';
    const [flag] = parseDockerfile(text).instructions[0]!.flags;
    expect(textOf(text, flag!.span)).toBe('--chown="a b"');
    expect(textOf(text, flag!.valueSpan!)).toBe('"a b"');
  });
});

describe('JSON form', () => {
  it.each([
    ['RUN ["a", "b\\u0020c"]', ['a', 'b c']],
    ['CMD []', []],
    ['RUN [ -f x ] && y', undefined],
    ["RUN ['a']", undefined],
    ['RUN ["a"] && b', undefined],
    ['HEALTHCHECK CMD ["a"]', ['a']],
    ['ENTRYPOINT ["a",\\\n # c\n "b"]', ['a', 'b']],
    ['WORKDIR ["a"]', undefined],
  ])('%j', (line, json) => {
    expect(parseDockerfile(`FROM x\n${line}`).instructions[1]!.json).toEqual(json);
  });
});

describe('directives', () => {
  it.each([
    [
      '# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all',
      [
        ['syntax', 'docker/dockerfile:1'],
        ['escape', '`'],
        ['check', 'skip=all'],
      ],
    ],
    ['#SYNTAX = a b  \r\n', [['syntax', 'a b']]],
    ['\uFEFF#escape=\\', [['escape', '\\']]],
    ['# comment\n# escape=`', []],
    ['\n# escape=`', []],
    ['# other=x\n# escape=`', []],
    ['FROM a\n# escape=`', []],
    ['# check==', [['check', '=']]],
  ])('%j', (text, expected) => {
    const { directives } = parseDockerfile(text);
    expect(directives.map(({ name, value }) => [name, value])).toEqual(expected);
    for (const { value, valueSpan } of directives) expect(textOf(text, valueSpan)).toBe(value);
  });

  it('takes no other escape character', () => {
    expect(parseDockerfile('# escape=/\nFROM a').escape).toBe('\\');
    expect(problems('# escape=/\nFROM a')).toEqual(['invalid-escape: # escape=/']);
  });

  it('may stand once', () => {
    expect(problems('# escape=`\n# escape=`\nFROM a')).toEqual(['repeated-directive: # escape=`']);
  });
});

describe('heredocs', () => {
  it.each([
    ['RUN <<EOF\nx\nEOF', [['EOF', true, false, 'x\n']]],
    ['RUN <<-EOF\n\tx\n\tEOF', [['EOF', true, true, '\tx\n']]],
    ["RUN <<'E F'\nx\nE F", [['E F', false, false, 'x\n']]],
    ['RUN <<"EOF"\nEOF', [['EOF', false, false, '']]],
    ["RUN <<E\\'F\nx\nE'F", [["E'F", true, false, 'x\n']]],
    [
      'COPY <<X <<Y /d\nY\nX\nX\nY',
      [
        ['X', true, false, 'Y\n'],
        ['Y', true, false, 'X\n'],
      ],
    ],
    ['RUN 3<<EOF cat\nx\nEOF', [['EOF', true, false, 'x\n']]],
    ['RUN cat << EOF\nx\nEOF', [['EOF', true, false, 'x\n']]],
    ['RUN cat <<EOF>out\nx\nEOF>out', [['EOF>out', true, false, 'x\n']]],
    ['ADD <<EOF /x\ny\nEOF', [['EOF', true, false, 'y\n']]],
    ['RUN echo "<<EOF"', []],
    ['RUN echo " <<EOF "', []],
    ['RUN cat<<EOF', []],
    ['RUN cat <<<x', []],
    ['RUN echo $((1 << 2))', []],
    ["RUN echo it's <<EOF", []],
    ['RUN ["a", "<<EOF"]', []],
    ['CMD cat <<EOF', []],
  ])('%j', (line, expected) => {
    const text = `FROM a\n${line}`;
    const dockerfile = parseDockerfile(text);
    expect(dockerfile.instructions).toHaveLength(2);
    const { heredocs } = dockerfile.instructions[1]!;
    expect(
      heredocs.map((heredoc) => [heredoc.name, heredoc.expand, heredoc.stripTabs, textOf(text, heredoc.bodySpan)]),
    ).toEqual(expected);
  });

  it('belong to the trigger of an ONBUILD', () => {
    const text = 'FROM a\nONBUILD RUN <<E\nx\nE\nRUN y';
    const [, onbuild, run] = parseDockerfile(text).instructions;
    expect(onbuild!.trigger!.heredocs).toHaveLength(1);
    expect(textOf(text, onbuild!.span)).toBe('ONBUILD RUN <<E\nx\nE');
    expect(textOf(text, onbuild!.trigger!.span)).toBe('RUN <<E\nx\nE');
    expect(run!.line).toBe(5);
  });

  it('without an end take the rest of the file', () => {
    const text = 'FROM a\nRUN <<E\nx\nRUN y';
    expect(parseDockerfile(text).instructions).toHaveLength(2);
    expect(problems(text)).toEqual(['unterminated-heredoc: <<E']);
  });
});

describe('problems', () => {
  it.each([
    ['', ['no-stage: ']],
    ['ARG A\nRUN x\nFROM a', ['before-first-from: RUN']],
    ['FROM', ['missing-base: FROM']],
    ['FROM a b', ['invalid-from: b']],
    ['FROM a AS', ['invalid-from: AS']],
    ['FROM a AS 1b', ['invalid-stage-name: 1b']],
    ['FROM a AS b\nFROM c AS B', ['repeated-stage-name: B']],
    ['FROM ${a', ['bad-substitution: ${a']],
    ['FROM a\nFRMO b', ['unknown-instruction: FRMO']],
    ['FROM a\nWORKDIR', ['missing-arguments: WORKDIR']],
    ['FROM a\nCMD', []],
    ['FROM a\nRUN ["a", 1]', ['json-not-strings: ["a", 1]']],
    ['FROM a\nSHELL sh', ['shell-not-json: sh']],
    ['FROM a\nCOPY --from=0 b c', ['invalid-stage-index: 0']],
    ['FROM a\nCOPY --from=1 b c\nFROM d', ['invalid-stage-index: 1']],
    ['FROM a\nCOPY --from=7 b c', ['invalid-stage-index: 7']],
    ['FROM a\nCOPY --from=$X b c', ['variable-in-from: $X']],
    ['FROM a\nCOPY --link --link b c', ['repeated-flag: --link']],
    ['FROM a\nONBUILD ONBUILD RUN b', ['invalid-trigger: ONBUILD']],
    ['FROM a\nONBUILD FROM b', ['invalid-trigger: FROM']],
    ['FROM a\rRUN b\r', ['lone-carriage-return: \r']],
    ['FROM a\nRUN b \\\n\n\n c', ['empty-continuation-line: ']],
    ['FROM a AS b\nCOPY --from=c x y\nFROM a AS c\nCOPY --from=b x y', ['circular-stages: FROM']],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('names the target that is not there', () => {
    const dockerfile = parseDockerfile('FROM a', { target: 'nope' });
    expect(dockerfile.problems.map(({ code }) => code)).toEqual(['unknown-target']);
    expect(dockerfile.stages[0]!.isFinal).toBe(true);
  });
});

describe('work', () => {
  const line = (i: number) =>
    `ENV A${i}=\${A${i - 1}:-x} B=$B\nRUN apt-get update && \\\n  # c\n  apt-get install x${i}\nCOPY <<E /x\ny\nE\n`;
  const file = (count: number, each: (i: number) => string) =>
    `FROM a AS s0\n${Array.from({ length: count }, (_, i) => each(i + 1)).join('')}`;
  const workPerCharacter = (text: string) => countTextWork(() => parseDockerfile(text)) / text.length;

  it.each<[string, (i: number) => string]>([
    ['instructions', line],
    ['stages, each on the one before', (i) => `FROM s${i - 1} AS s${i}\nCOPY --from=${i - 1} a b\n`],
    ['lines of one instruction', () => 'RUN a \\\n # c\n b "c d" \\\n'],
    ['heredocs of one instruction', (i) => (i === 1 ? 'RUN ' : '') + `<<E${i} `],
    ['flags of one instruction', (i) => (i === 1 ? 'RUN ' : '') + '--mount=type=cache,target=/x '],
    ['open quotes', () => 'ENV A="\nRUN "<<E\n'],
  ])('grows with the number of %s, no faster', (_, each) => {
    expect(workPerCharacter(file(4000, each)) / workPerCharacter(file(1000, each))).toBeLessThan(1.1);
  });
});
