import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/**
 * What `patch -p1` and `git apply` take; empty where nothing changed.
 *
 * @param before undefined for a file that is made
 */
export function unifiedDiff(name: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const path = name.replaceAll('\\', '/').replace(/^\.?\//, '');
  const old = before === undefined ? '/dev/null' : `a/${path}`;
  return createTwoFilesPatch(old, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
