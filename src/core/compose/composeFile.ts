import { expand } from '../dockerfile/expand.ts';
import { emptyScope } from '../dockerfile/scope.ts';
import type { ServiceImage } from './serviceImage.ts';

/** A line `key: value` of a block mapping. */
interface Entry {
  readonly indent: number;
  readonly key: string;
  /** Quotes and comment removed; empty where the value is on the lines below, or nothing. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The images and builds of the services of a Compose file. It reads block mappings, as these files are written, and leaves
 * alone what is written otherwise (flow mappings, anchors and merges, values over several lines): then nothing is said,
 * and nothing wrong. A whole YAML parser would be ten times the rest of what this feature loads.
 * https://docs.docker.com/reference/compose-file/services/
 */
export function readComposeFile(text: string): readonly ServiceImage[] {
  const entries = readEntries(text);
  const found: ServiceImage[] = [];
  for (const service of childrenOf(
    entries,
    entries.findIndex(({ indent, key }) => indent === 0 && key === 'services'),
  )) {
    const fields = childrenOf(entries, service);
    const fieldOf = (name: string): Entry | undefined => entries[fields.find((at) => entries[at]!.key === name) ?? -1];
    const build = fields.find((at) => entries[at]!.key === 'build');
    const image = fieldOf('image');
    if (build !== undefined) {
      // With both, `image` only names what is built.
      const called = known(image?.value ?? '');
      const names = { name: entries[service]!.key, ...(called === undefined ? {} : { image: called }) };
      found.push(...buildOf(entries, build).map((made) => ({ ...made, ...names })));
    } else if (image !== undefined) found.push(...imageOf(image));
  }
  return found;
}

function imageOf({ value, start, end }: Entry): ServiceImage[] {
  const reference = known(value);
  return reference === undefined ? [] : [{ kind: 'image', reference, span: { start, end } }];
}

function buildOf(entries: readonly Entry[], at: number): Extract<ServiceImage, { kind: 'build' }>[] {
  const { value, start, end } = entries[at]!;
  const span = { start, end };
  if (value !== '') {
    const context = known(value);
    return context === undefined ? [] : [{ kind: 'build', context, dockerfile: 'Dockerfile', span }];
  }
  const fields = new Map(childrenOf(entries, at).map((field) => [entries[field]!.key, entries[field]!.value]));
  // A Dockerfile in the file itself is none that anybody can look at.
  if (fields.size === 0 || fields.has('dockerfile_inline')) return [];
  const context = known(fields.get('context') ?? '.');
  const dockerfile = known(fields.get('dockerfile') ?? 'Dockerfile');
  const target = fields.has('target') ? known(fields.get('target')!) : undefined;
  if (context === undefined || dockerfile === undefined || (fields.has('target') && target === undefined)) return [];
  return [{ kind: 'build', context, dockerfile, ...(target === undefined ? {} : { target }), span }];
}

/** A value with the defaults of its variables; undefined where one has none, or it is no plain scalar. */
function known(value: string): string | undefined {
  if (value === '' || /^[&*!|>{[]/.test(value)) return undefined;
  // Variables come from the environment and from files that differ by machine: only their defaults are known.
  const { value: expanded, missing, error } = expand(value, emptyScope, '\\');
  return missing.length > 0 || error !== undefined || expanded === '' ? undefined : expanded;
}

/** The places of the entries right below one. */
function childrenOf(entries: readonly Entry[], parent: number): number[] {
  const own = entries[parent];
  if (own?.value !== '') return [];
  const children: number[] = [];
  let indent: number | undefined;
  for (let at = parent + 1; at < entries.length && entries[at]!.indent > own.indent; at++) {
    indent ??= entries[at]!.indent;
    if (entries[at]!.indent === indent) children.push(at);
  }
  return children;
}

function readEntries(text: string): Entry[] {
  const entries: Entry[] = [];
  const line = /^( *)(?:([\w.-]+)|"([^"\n]*)"|'([^'\n]*)')[^\S\r\n]*:(?:[^\S\r\n]+([^\r\n]*))?\r?$/gm;
  for (const match of text.matchAll(line)) {
    const [whole, indent = '', plain, double, single, rest = ''] = match;
    const start = match.index + indent.length;
    entries.push({
      indent: indent.length,
      key: plain ?? double ?? single ?? '',
      value: scalar(rest),
      start,
      end: match.index + whole.trimEnd().length,
    });
  }
  return entries;
}

/** A scalar of one line without its quotes, or the comment behind it. */
function scalar(rest: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"|^'((?:[^']|'')*)'/.exec(rest);
  if (quoted) return quoted[1]?.replace(/\\(.)/g, '$1') ?? quoted[2]!.replaceAll("''", "'");
  return rest.replace(/(?:^|\s)#.*$/, '').trim();
}
