import type { Note, Proposal } from '../../core/refactor/refactoring.ts';
import { buttons, filesHeading, lineLabel, noteHeading, optionsHeading, sizeSentence } from './wording.ts';

/** What the links of the page run. Addresses of the form `command:…`, made by the host. */
export interface RationaleLinks {
  readonly apply: string;
  /** Absent where nothing was a choice. */
  readonly answers?: string;
  /** Absent where nothing can be built: an untrusted workspace. */
  readonly prove?: string;
  readonly discard: string;
  readonly line: (line: number) => string;
  readonly file: (path: string) => string;
}

const kinds: readonly Note['kind'][] = ['moved', 'changed', 'assumed', 'test', 'checked'];

/**
 * Why a change looks as it does, as a page without a script: its buttons are links to commands. All that comes from a
 * Dockerfile is text on it.
 *
 * @param language as `lang` has it
 */
export function rationalePage(proposal: Proposal, links: RationaleLinks, language: string): string {
  const { title, notes, options, files } = proposal;
  const size = sizeSentence(proposal);
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${size === undefined ? '' : `<p class="size">${escapeHtml(size)}</p>`}
<nav>${button(buttons.apply(), links.apply, 'primary')}${maybe(buttons.answers(), links.answers)}${maybe(buttons.prove(), links.prove)}${button(buttons.discard(), links.discard)}</nav>
${kinds.map((kind) => noteSection(kind, notes, links)).join('\n')}
${section(
  optionsHeading(),
  options.map(({ prompt, detail, default: chosen, choices }) => {
    const label = choices?.find(({ value }) => value === chosen)?.label ?? chosen;
    return `${sentence(prompt)} <strong>${sentence(label)}</strong> <span class="detail">${sentence(detail)}</span>`;
  }),
)}
${section(
  filesHeading(),
  files.map(({ path }) => `<a href="${escapeHtml(links.file(path))}">${escapeHtml(path)}</a>`),
)}
</main>
</body>
</html>`;
}

function noteSection(kind: Note['kind'], notes: readonly Note[], links: RationaleLinks): string {
  return section(
    noteHeading(kind),
    notes
      .filter((note) => note.kind === kind)
      .map(({ text, line }) => {
        const place =
          line === undefined ? '' : ` <a href="${escapeHtml(links.line(line))}">${escapeHtml(lineLabel(line))}</a>`;
        return `${sentence(text)}${place}`;
      }),
  );
}

/** Items are HTML. */
function section(heading: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section><h2>${escapeHtml(heading)}</h2><ul>${items.map((item) => `<li>${item}</li>`).join('')}</ul></section>`;
}

function maybe(label: string, link: string | undefined): string {
  return link === undefined ? '' : button(label, link);
}

function button(label: string, link: string, kind = 'secondary'): string {
  return `<a class="button ${kind}" role="button" href="${escapeHtml(link)}">${escapeHtml(label)}</a>`;
}

/** A sentence in which code stands between backticks. */
function sentence(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

/** Names in a Dockerfile are anybody's: none becomes a tag, and none leaves an attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const style = `
body { font: var(--vscode-font-size) / 1.5 var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 20px 24px; }
main { max-width: 46em; }
h1 { font-size: 1.5em; font-weight: 600; margin: 16px 0 4px; }
h2 { font-size: 1em; font-weight: 600; margin: 20px 0 4px; }
p { margin: 0; }
ul { margin: 0; padding-left: 1.4em; }
li { margin: 2px 0; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 8px; margin: 14px 0; }
a { color: var(--vscode-textLink-foreground); }
code { font-family: var(--vscode-editor-font-family); background: none; padding: 0; }
.size { font-size: 1.1em; }
.detail { color: var(--vscode-descriptionForeground); }
.button { text-decoration: none; padding: 4px 12px; border-radius: 2px; border: 1px solid var(--vscode-button-border, transparent);
  color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
.button:hover { background: var(--vscode-button-secondaryHoverBackground); }
.button.primary { color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
.button.primary:hover { background: var(--vscode-button-hoverBackground); }
.button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
`;
