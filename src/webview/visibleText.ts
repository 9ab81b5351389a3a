/**
 * What would be invisible, break a line or turn the direction of the writing: control characters, marks and overrides of
 * direction (https://www.unicode.org/reports/tr9/), line separators, invisible spaces, tags, and halves of surrogate pairs.
 */
const unseen =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Text that comes from an image, made safe to read: what cannot be seen is written as an escape (`\n`, `\x1b`, `\u202e`). */
export function visibleText(text: string): string {
  return text.replace(unseen, (character) => {
    const short = shortEscapes[character];
    if (short !== undefined) return short;
    const code = character.codePointAt(0)!;
    if (code > 0xffff) return `\\u{${code.toString(16)}}`;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Units of a text that a page shows at once; beyond it even a tooltip is no help. */
const tooltipLimit = 2000;

/** The same, short enough for a tooltip or a label that is read aloud. */
export function boundedText(text: string, limit = tooltipLimit): string {
  const visible = visibleText(text);
  if (visible.length <= limit) return visible;
  // Not between the halves of a surrogate pair.
  const end = /[\ud800-\udbff]/.test(visible.charAt(limit - 1)) ? limit - 1 : limit;
  return `${visible.slice(0, end)}…`;
}
