import { DockerfileParser } from 'dockerfile-ast';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import { sampleDockerfiles } from '../../helpers/dockerfiles.ts';

/** A heredoc with a blank before its name, or none at its end, is where dockerfile-ast and BuildKit part. */
const apart = new Set(['heredocs.Dockerfile', 'broken.Dockerfile']);

describe('dockerfile-ast finds the same instructions', () => {
  it.each([...sampleDockerfiles].filter(([name]) => !apart.has(name)))('%s', (_, text) => {
    const { instructions, comments } = parseDockerfile(text);
    const peer = DockerfileParser.parse(text);
    expect(instructions.map(({ keyword, line, endLine }) => [keyword, line, endLine])).toEqual(
      peer.getInstructions().map((instruction) => {
        const { start, end } = instruction.getRange();
        return [instruction.getKeyword(), start.line + 1, end.line + 1];
      }),
    );
    expect(comments).toHaveLength(peer.getComments().length);
  });
});
