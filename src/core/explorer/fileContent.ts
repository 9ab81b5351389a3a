/** As much of a file as an editor is given: VS Code stops coloring and folding well before. */
export const shownBytes = 5_000_000;
/** As much of a binary file as is worth a look. */
const dumpedBytes = 64 * 1024;
const lineBytes = 16;
/** Where text that is none gives itself away. */
const sniffedBytes = 8192;

/** What an editor shows of a file's bytes. */
export interface ShownContent {
  readonly kind: 'text' | 'binary';
  readonly text: string;
  /** How many bytes of the file it stands for. */
  readonly bytes: number;
}

/** A file's bytes as text, or for a binary the beginning of its hex dump. */
export function showContent(bytes: Uint8Array): ShownContent {
  if (isText(bytes)) return { kind: 'text', text: new TextDecoder('utf-8').decode(bytes), bytes: bytes.length };
  const head = bytes.subarray(0, dumpedBytes);
  return { kind: 'binary', text: hexDump(head), bytes: head.length };
}

/** No NUL at its beginning, as git tells: https://git-scm.com/docs/gitattributes. UTF-16 counts as binary. */
function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, sniffedBytes).includes(0);
}

/** Lines of an offset, 16 bytes, and their characters, as `hexdump -C` prints them. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += lineBytes) {
    const line = bytes.subarray(at, at + lineBytes);
    const hex = Array.from({ length: lineBytes }, (_, i) => (i < line.length ? twoDigits(line[i]!) : '  '));
    const characters = Array.from(line, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
    const halves = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`;
    lines.push(`${at.toString(16).padStart(8, '0')}  ${halves}  |${characters.join('')}|\n`);
  }
  return lines.join('');
}

function twoDigits(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** UTF-16 units of a proposed file name: every file system allows as many. */
const longestName = 100;

/**
 * The last segment of an image's path as a name that every file system takes and that is what it looks like: no separators
 * of any system, no control characters and none that turn the direction of text around, no device names of Windows, no dots
 * or blanks at its ends.
 */
export function safeFileName(path: string): string {
  const name = path
    .replace(/\/+$/, '')
    .replace(/^.*\//s, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '')
    .replace(/[\\/:*?"<>|]/g, '_')
    .slice(0, longestName)
    .replace(/^[\s.]+|[\s.]+$/g, '');
  if (name === '') return 'file';
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(name) ? `_${name}` : name;
}
