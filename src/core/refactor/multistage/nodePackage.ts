import type { Subject } from './subject.ts';

/** What a package.json says, as far as a conversion asks. */
export interface NodePackage {
  readonly name?: string;
  readonly main?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly workspaces: boolean;
}

/** The package.json of a folder of the context; empty where it is none that can be read. */
export function readPackage({ project }: Subject, folder: string): NodePackage {
  const text = project.text(folder === '' ? 'package.json' : `${folder}/package.json`);
  const json = text === undefined ? undefined : parse(text);
  const object: Readonly<Record<string, unknown>> = isObject(json) ? json : {};
  return {
    ...(typeof object.name === 'string' ? { name: object.name } : {}),
    ...(typeof object.main === 'string' ? { main: object.main } : {}),
    scripts: strings(object.scripts),
    dependencies: { ...strings(object.dependencies), ...strings(object.optionalDependencies) },
    devDependencies: strings(object.devDependencies),
    workspaces: object.workspaces !== undefined,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** Scripts call scripts no deeper than that. */
const deepest = 10;

/**
 * The commands that a script of package.json runs, each as its words, with those of `pre` and `post` scripts and of the
 * scripts that it calls. Words are cut at blanks: no more is asked of them than what they start.
 */
export function resolveScript(manifest: NodePackage, name: string, depth = 0): readonly (readonly string[])[] {
  if (depth > deepest) return [];
  const names = [`pre${name}`, name, `post${name}`];
  return names.flatMap((each) => {
    const text = Object.hasOwn(manifest.scripts, each) ? manifest.scripts[each]! : undefined;
    if (text === undefined) return each === 'start' ? [['node', manifest.main ?? 'server.js']] : [];
    return text.split(/&&|\|\||;|\|/).flatMap((part) => {
      const words = part
        .trim()
        .split(/\s+/)
        .filter((word) => !/^\w+=/.test(word));
      const inner = /^(?:npm|yarn|pnpm)$/.test(words[0] ?? '') ? (words[1] === 'run' ? words[2] : words[1]) : undefined;
      if (inner !== undefined && Object.hasOwn(manifest.scripts, inner))
        return resolveScript(manifest, inner, depth + 1);
      return words[0] === 'npx' || words[0] === 'exec' ? [words.slice(1)] : [words];
    });
  });
}
