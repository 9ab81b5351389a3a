import { describe, expect, it } from 'vitest';
import { fileWith, LoadedProject, textsOf } from '../../../src/core/refactor/project.ts';

/** A project of files with their texts; one without is not loaded yet. */
function project(files: Readonly<Record<string, string | undefined>>): LoadedProject {
  const known = Object.keys(files).map((path) => ({ path, bytes: 1 }));
  const loaded = Object.entries(files).filter(([, text]) => text !== undefined);
  return new LoadedProject(known, new Map(loaded));
}

describe('textsOf', () => {
  it('gives the texts of the files whose paths fit, in the order of the paths', () => {
    const files = project({ 'b/go.mod': 'module b', 'a/go.mod': 'module a', 'go.sum': 'h1' });
    expect(textsOf(files, /(?:^|\/)go\.mod$/)).toEqual(['module a', 'module b']);
  });

  it('asks for a text that is not loaded, and has none until then', () => {
    const files = project({ 'go.mod': undefined });
    expect(textsOf(files, /^go\.mod$/)).toEqual(['']);
    expect([...files.wanted]).toEqual(['go.mod']);
  });
});

describe('fileWith', () => {
  const files = {
    'a.rs': 'fn main() {}',
    'b.rs': '#[link(name = "z")]',
    'c.rs': '#[link(name = "y")]',
    'link.txt': '#[link(',
  };
  it.each([
    ['the first that fits', /\.rs$/, /#\[link/, 'b.rs'],
    ['none by its path', /\.go$/, /#\[link/, undefined],
    ['none by its text', /\.rs$/, /extern "C"/, undefined],
  ])('%s', (_, path, text, expected) => {
    expect(fileWith(project(files), path, text)).toBe(expected);
  });

  it('asks for no text behind the file that fits', () => {
    const known = project({ 'a.rs': '#[link(', 'b.rs': undefined });
    expect(fileWith(known, /\.rs$/, /#\[link/)).toBe('a.rs');
    expect(known.wanted.size).toBe(0);
  });
});
