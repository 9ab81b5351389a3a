import { parseDockerfile } from '../../src/core/dockerfile/parse.ts';
import { textOf } from './dockerfiles.ts';

/** A Dockerfile with the texts of its instructions, heredocs apart, passed through `change`. */
function mapInstructions(text: string, change: (written: string) => string): string {
  const { instructions } = parseDockerfile(text);
  let result = '';
  let from = 0;
  for (const { span, heredocs } of instructions) {
    const firstBody = heredocs[0]?.bodySpan.start ?? span.end;
    result +=
      text.slice(from, span.start) + change(text.slice(span.start, firstBody)) + text.slice(firstBody, span.end);
    from = span.end;
  }
  return result + text.slice(from);
}

/** The same Dockerfile with tabs where continued lines are indented and behind the keywords. */
export function tabbed(text: string): string {
  return mapInstructions(text, (written) =>
    written
      .replace(/^(\w+) /, '$1\t')
      .replaceAll(/\n +/g, (blanks) => `\n${'\t'.repeat(Math.ceil(blanks.length / 4))}`),
  );
}

/** A text in which any blanks are one space, for comparing what differs in blanks only. */
export function withoutBlanks(text: string): string {
  return text.replaceAll(/[ \t]+/g, ' ');
}

/** The same Dockerfile with a comment of its own before every instruction, and the comments that were added. */
export function commented(text: string): { readonly text: string; readonly added: readonly string[] } {
  const added: string[] = [];
  const result = mapInstructions(text, (written) => {
    const comment = `# Note ${added.length + 1} on what follows.`;
    added.push(comment);
    return `${comment}\n${written}`;
  });
  return { text: result, added };
}

/**
 * The same Dockerfile with the backtick as its escape character. Undefined where that would change its meaning: it has
 * directives, backticks, or backslashes that continue no line.
 */
export function backtickEscape(text: string): string | undefined {
  const { directives, instructions } = parseDockerfile(text);
  const inHeredocs = instructions.some(({ heredocs }) =>
    heredocs.some(({ bodySpan }) => textOf(text, bodySpan).includes('\\')),
  );
  if (directives.length > 0 || inHeredocs || text.includes('`') || /\\(?!\n)/.test(text)) return undefined;
  return `# escape=\`\n${text.replaceAll('\\\n', '`\n')}`;
}
