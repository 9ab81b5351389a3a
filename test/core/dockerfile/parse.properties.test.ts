import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instruction, ParseOptions } from '../../../src/core/dockerfile/model.ts';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { shellCommands } from '../../../src/core/dockerfile/shell.ts';
import type { Span } from '../../../src/core/text.ts';
import { anyText, sampleDockerfiles, textOf } from '../../helpers/dockerfiles.ts';

/** Cheaper than `expect`, which is asked some million times here. */
function hold(condition: boolean, what: string) {
  if (!condition) throw new Error(`does not hold: ${what}`);
}

function expectInside(inner: Span, outer: Span, what: string) {
  const inside = inner.start >= outer.start && inner.end >= inner.start && inner.end <= outer.end;
  hold(inside, `${what} ${inner.start}-${inner.end} is inside of ${outer.start}-${outer.end}`);
}

function expectOrdered(spans: readonly Span[], what: string) {
  spans.forEach((span, index) => {
    hold(index === 0 || span.start >= spans[index - 1]!.end, `${what} ${index} is behind the one before`);
  });
}

function checkInstruction(instruction: Instruction) {
  const { span, keywordSpan, flags, words, argsSpan, heredocs, trigger } = instruction;
  hold(
    keywordSpan.start === span.start && keywordSpan.end > keywordSpan.start,
    'an instruction begins with its keyword',
  );
  expectInside(keywordSpan, span, 'keyword');
  expectInside(argsSpan, span, 'arguments');
  expectOrdered([keywordSpan, ...flags.map((flag) => flag.span), argsSpan], 'part');
  expectOrdered(
    words.map((word) => word.span),
    'word',
  );
  for (const word of words) expectInside(word.span, argsSpan, 'word');
  for (const flag of flags) if (flag.valueSpan) expectInside(flag.valueSpan, flag.span, 'value of a flag');
  expectOrdered(
    heredocs.map((heredoc) => heredoc.bodySpan),
    'heredoc',
  );
  for (const heredoc of heredocs) {
    expectInside(heredoc.span, span, 'heredoc');
    expectInside(heredoc.bodySpan, span, 'body');
  }
  if (trigger) {
    expectInside(trigger.span, span, 'trigger');
    checkInstruction(trigger);
  }
}

/** Whatever the text, these hold. */
function check(text: string, options?: ParseOptions) {
  const dockerfile = parseDockerfile(text, options);
  const { instructions, stages, comments, problems, directives, lines } = dockerfile;
  const whole = { start: 0, end: text.length };
  expectOrdered(
    instructions.map(({ span }) => span),
    'instruction',
  );
  expectOrdered(comments, 'comment');
  for (const span of comments) expectInside(span, whole, 'comment');
  for (const { span, valueSpan } of directives) {
    expectInside(span, whole, 'directive');
    expectInside(valueSpan, span, 'value of a directive');
  }
  problems.forEach(({ span }, index) => {
    expectInside(span, whole, 'problem');
    hold(index === 0 || span.start >= problems[index - 1]!.span.start, 'problems are in order');
  });
  instructions.forEach((instruction, index) => {
    expectInside(instruction.span, whole, 'instruction');
    checkInstruction(instruction);
    hold(instruction.index === index, 'index');
    hold(instruction.line === lines.lineAt(instruction.span.start) + 1, 'line');
    hold(instruction.endLine === lines.lineAt(instruction.span.end) + 1, 'last line');
    const stage = stages[instruction.stage];
    hold(
      instruction.stage === -1 || stage?.from === instruction || stage?.instructions.includes(instruction) === true,
      'stage of an instruction',
    );
  });
  const froms = instructions.filter(({ keyword }) => keyword === 'FROM');
  hold(froms.length === stages.length && froms.every((from, index) => stages[index]!.from === from), 'a FROM, a stage');
  stages.forEach((stage, index) => {
    hold(stage.index === index && stage.from.stage === index, 'index of a stage');
    expectInside(stage.baseSpan, stage.from.span, 'base');
    hold(
      stage.dependsOn.every((other) => stages[other] !== undefined),
      'dependencies',
    );
    hold(stage.base.kind !== 'stage' || stage.base.stage < index, 'a base is an earlier stage');
  });
  hold(stages.filter(({ isFinal }) => isFinal).length === Math.min(1, stages.length), 'one final stage');
  for (const instruction of instructions) {
    const { commands, problems: syntax } = shellCommands(dockerfile, instruction.trigger ?? instruction);
    for (const { span } of syntax) expectInside(span, instruction.span, 'problem of a script');
    for (const command of commands) {
      expectInside(command.span, instruction.span, 'command');
      for (const { span } of [...command.words, ...command.assignments, ...command.redirections]) {
        expectInside(span, instruction.span, 'part of a command');
      }
    }
  }
}

const samples = [...sampleDockerfiles.values()];

// `check` throws where something does not hold; that nothing else throws is the first property.
describe('any text', () => {
  it.each([...sampleDockerfiles])('%s and its line ends', (_, text) => {
    check(text);
    check(text.replaceAll('\r\n', '\n').replaceAll('\n', '\r\n'));
    check(text.replaceAll('\r\n', '\n').replaceAll('\n', '\r'));
  });

  it('of arbitrary characters', () => {
    fc.assert(
      fc.property(anyText, (text) => check(text)),
      { numRuns: 300 },
    );
  });

  it('of arbitrary bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, (data) => check(new TextDecoder().decode(data))),
      { numRuns: 300 },
    );
  });

  it('of the pieces that Dockerfiles are made of', () => {
    const piece = fc.constantFrom(
      ...[
        'FROM ',
        'RUN ',
        'COPY ',
        'ARG ',
        'ENV ',
        'ONBUILD ',
        'SHELL ',
        'HEALTHCHECK ',
        'AS ',
        'a',
        '--from=',
        '0',
        '=',
        '$',
      ],
      ...[
        '${',
        '}',
        ':-',
        '<<E',
        '<<-',
        'E',
        '"',
        "'",
        '\\',
        '`',
        '\n',
        '\r\n',
        '\r',
        ' ',
        '\t',
        '#',
        '# escape=`\n',
        '[',
        ']',
      ],
      ...[
        ',',
        '&&',
        '||',
        ';',
        '(',
        ')',
        '\uFEFF',
        '\u00a0',
        '\u0085',
        '\u2028',
        '😀',
        '--mount=from=a,',
        'if ',
        'fi',
        '\0',
      ],
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(text, (source) => check(source)),
      { numRuns: 1000 },
    );
  });

  it('of samples with holes, doubled parts and parts of others', () => {
    const at = fc.nat({ max: 5000 });
    const mutation = fc.record({
      kind: fc.constantFrom('cut', 'copy', 'graft', 'insert'),
      at,
      length: fc.nat({ max: 80 }),
      to: at,
    });
    const mutated = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.constantFrom(...samples),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
      )
      .map(([sample, other, mutations]) =>
        mutations.reduce((text, { kind, at: place, length, to }) => {
          const from = place % (text.length + 1);
          const target = to % (text.length + 1);
          if (kind === 'cut') return text.slice(0, from) + text.slice(from + length);
          const part =
            kind === 'copy'
              ? text.slice(from, from + length)
              : kind === 'graft'
                ? other.slice(from, from + length)
                : '\\';
          return text.slice(0, target) + part + text.slice(target);
        }, sample),
      );
    fc.assert(
      fc.property(mutated, (text) => check(text)),
      { numRuns: 500 },
    );
  });

  it('with any options', () => {
    const options = fc.record({
      target: fc.string(),
      platform: fc.string(),
      buildArgs: fc.dictionary(fc.string(), fc.string()),
    });
    fc.assert(fc.property(fc.constantFrom(...samples), options, check), { numRuns: 100 });
  });
});

describe('line ends', () => {
  it.each([...sampleDockerfiles])('make no difference: %s', (_, text) => {
    const unix = text.replaceAll('\r\n', '\n');
    const windows = unix.replaceAll('\n', '\r\n');
    const shape = (source: string) =>
      parseDockerfile(source).instructions.map(({ span, line, endLine, words }) => ({
        text: textOf(source, span).replaceAll('\r\n', '\n'),
        line,
        endLine,
        words: words.map((word) => word.text),
      }));
    expect(shape(windows)).toEqual(shape(unix));
  });
});
