import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** What `patch -p1` and `git apply` take; empty where nothing changed. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const path = name.replaceAll('\\', '/').replace(/^\.?\//, '');
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}
