import type { ServiceImage } from './serviceImage.ts';

interface Member {
  readonly path: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The image or build of a `devcontainer.json`. It is JSON with comments and trailing commas, of which an editor's file may
 * be any half: what can be read up to the first fault counts. https://containers.dev/implementors/json_reference/
 */
export function readDevcontainerFile(text: string): readonly ServiceImage[] {
  const members = stringMembers(text);
  const find = (path: string): Member | undefined => members.find((member) => member.path === path);
  const span = ({ start, end }: Member) => ({ start, end });
  const image = find('image');
  if (image !== undefined) return [{ kind: 'image', reference: image.value, span: span(image) }];
  const file = find('build.dockerfile') ?? find('dockerFile');
  if (file === undefined) return [];
  const target = find('build.target');
  return [
    {
      kind: 'build',
      // The Dockerfile is named from the file that names it, unlike in Compose.
      context: '.',
      dockerfile: file.value,
      ...(target === undefined ? {} : { target: target.value }),
      span: span(file),
    },
  ];
}

/** Members whose values are strings, each by the names that lead to it. Those in lists are left out. */
function stringMembers(text: string): Member[] {
  const token = /\/\/[^\n]*|\/\*[^]*?\*\/|"((?:[^"\\\n]|\\.)*)"|[{}[\]:,]/g;
  const found: Member[] = [];
  const names: (string | undefined)[] = [];
  let key: { readonly text: string; readonly start: number } | undefined;
  let isValue = false;
  for (const match of text.matchAll(token)) {
    const [whole, string] = match;
    if (whole.startsWith('/')) continue;
    if (string !== undefined) {
      if (isValue && key !== undefined && !names.slice(1).includes(undefined)) {
        const path = [...names.slice(1), key.text].join('.');
        found.push({ path, value: unescaped(string), start: key.start, end: match.index + whole.length });
      } else if (!isValue) key = { text: string, start: match.index };
    } else if (whole === ':') isValue = true;
    else if (whole === '{' || whole === '[') {
      names.push(whole === '[' ? undefined : (key?.text ?? ''));
      isValue = false;
      key = undefined;
    } else {
      if (whole !== ',') names.pop();
      isValue = false;
      key = undefined;
    }
  }
  return found;
}

function unescaped(string: string): string {
  try {
    return JSON.parse(`"${string}"`) as string;
  } catch {
    return string; // An escape that JSON does not know: as it is written.
  }
}
