import { describe, expect, it } from 'vitest';
import { heavyContextCopied } from '../../../src/core/rules/heavy-context-copied.ts';
import { type ContextFiles, type Evidence, noEvidence } from '../../../src/core/rules/scene/evidence.ts';
import { findingsOf, marks } from '../../helpers/rules.ts';

/** A context with these paths and their bytes. */
function contextOf(files: Readonly<Record<string, number>>, hasIgnoreFile = false): Evidence {
  const context: ContextFiles = {
    has: (path) => path in files,
    bytesAt: (path) => (path in files ? { bytes: files[path]!, basis: 'measured' } : undefined),
    hasIgnoreFile,
  };
  return { ...noEvidence, context };
}

const evidence = contextOf({ '.git': 40e6, node_modules: 300e6, src: 1e6 });

describe('heavy-context-copied', () => {
  it.each(['COPY . .', 'COPY . /app', 'COPY ./ /app/', 'ADD . /app', 'COPY * /app/', 'COPY --chown=a . /app'])(
    'finds %s',
    (text) => {
      const whole = `FROM scratch\nWORKDIR /app\n${text}\n`;
      expect(marks(heavyContextCopied, whole, { evidence })).toEqual([text]);
      expect(findingsOf(heavyContextCopied, whole, { evidence })).toMatchObject([
        { severity: 'warning', saves: { bytes: 340e6, basis: 'measured' } },
      ]);
    },
  );

  it.each([
    'COPY src /app',
    'COPY --from=a . /app',
    'COPY package.json .',
    'COPY --exclude=.git --exclude=**/node_modules . /app',
  ])('leaves %s alone', (text) => {
    expect(marks(heavyContextCopied, `FROM scratch\nWORKDIR /\n${text}\n`, { evidence })).toEqual([]);
  });

  it('says nothing of a context that nobody looked at, or that has no such folders', () => {
    const text = 'FROM scratch\nCOPY . /app\n';
    expect(marks(heavyContextCopied, text)).toEqual([]);
    expect(marks(heavyContextCopied, text, { evidence: contextOf({ src: 5 }) })).toEqual([]);
  });

  it('names the folders, and the file that they belong into', () => {
    const [finding] = findingsOf(heavyContextCopied, 'FROM scratch\nCOPY . /app\n', { evidence });
    expect(finding!.message).toBe('This copies .git, node_modules. Name them in a .dockerignore.');
  });
});
