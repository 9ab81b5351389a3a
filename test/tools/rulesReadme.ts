/**
 * Writes the list of rules into the README, between its two markers: `node test/tools/rulesReadme.ts`. A test holds the
 * two together.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rules } from '../../src/core/rules/rules.ts';

const start = '<!-- rules:start -->';
const end = '<!-- rules:end -->';

/** The rules as Markdown: a heading per rule, which is what links to a rule lead to. */
export function rulesMarkdown(): string {
  return rules
    .map(({ id, title, why, hadolint = [] }) => {
      const peers = hadolint.length === 0 ? '' : ` Also switched off by \`hadolint ignore=${hadolint.join(',')}\`.`;
      return `#### ${id}\n\n**${title}.** ${why}${peers}\n`;
    })
    .join('\n');
}

/** A README with the list put between its markers. Throws where it has none. */
export function withRules(readme: string): string {
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The README has no ${start} … ${end}.`);
  return `${readme.slice(0, from + start.length)}\n\n${rulesMarkdown()}\n${readme.slice(to)}`;
}

if (process.argv[1] === import.meta.filename) {
  const file = path.join(import.meta.dirname, '..', '..', 'README.md');
  writeFileSync(file, withRules(readFileSync(file, 'utf8')));
}
