import { isObject, parseJson } from '../../json.ts';
import type { Project } from '../project.ts';
import type { Subject } from './subject.ts';

/** What a package.json says, as far as a conversion asks. */
export interface NodePackage {
  readonly name?: string;
  readonly main?: string;
  /** `yarn@4.5.0`. */
  readonly packageManager?: string;
  readonly homepage?: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly workspaces: boolean;
}

/** The package.json of a folder of the context; empty where it is none that can be read. */
export function readPackage({ project }: Pick<Subject, 'project'>, folder: string): NodePackage {
  return readPackageFile(project, folder === '' ? 'package.json' : `${folder}/package.json`);
}

/** The same of a file that may have another name in the context. */
export function readPackageFile(project: Pick<Project, 'text'>, path: string): NodePackage {
  const text = project.text(path);
  const json = text === undefined ? undefined : parseJson(text);
  const object: Readonly<Record<string, unknown>> = isObject(json) ? json : {};
  return {
    ...(typeof object.name === 'string' ? { name: object.name } : {}),
    ...(typeof object.main === 'string' ? { main: object.main } : {}),
    ...(typeof object.packageManager === 'string' ? { packageManager: object.packageManager } : {}),
    ...(typeof object.homepage === 'string' ? { homepage: object.homepage } : {}),
    scripts: strings(object.scripts),
    dependencies: { ...strings(object.dependencies), ...strings(object.optionalDependencies) },
    devDependencies: strings(object.devDependencies),
    workspaces: object.workspaces !== undefined,
  };
}

/** The package.json of the context that has a name; undefined where none has. */
export function packageNamed(subject: Subject, name: string): NodePackage | undefined {
  return subject.project.files
    .filter((file) => /(?:^|\/)package\.json$/.test(file) && !/(?:^|\/)node_modules\//.test(file))
    .map((file) => readPackage(subject, file.slice(0, -'/package.json'.length)))
    .find((manifest) => manifest.name === name);
}

function strings(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** One command of a script of package.json. */
export interface ScriptCommand {
  readonly words: readonly string[];
  /** What is set in front of it, by the shell or by `cross-env`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Nothing in it is for a shell: started by its words alone it is the same. */
  readonly isPlain: boolean;
}

/** Scripts call scripts no deeper than that. */
const deepest = 10;

/**
 * The commands that a script of package.json runs, with those of `pre` and `post` scripts and of the scripts that it calls.
 * Words are cut at blanks: where that is not what a shell does, the command is not plain.
 */
export function resolveScript(manifest: NodePackage, name: string, depth = 0): readonly ScriptCommand[] {
  if (depth > deepest) return [];
  const names = [`pre${name}`, name, `post${name}`];
  return names.flatMap((each) => {
    const text = Object.hasOwn(manifest.scripts, each) ? manifest.scripts[each]! : undefined;
    // What npm starts where nothing is said.
    if (text === undefined) return each === 'start' ? [plainCommand(['node', manifest.main ?? 'server.js'])] : [];
    return text.split(/&&|\|\||;|\||&/).flatMap((part): readonly ScriptCommand[] => {
      const command = readScriptCommand(part, /^[^&|;]*$/.test(text));
      const { words } = command;
      const inner = /^(?:npm|yarn|pnpm|bun)$/.test(words[0] ?? '')
        ? words[1] === 'run'
          ? words[2]
          : words[1]
        : undefined;
      if (inner !== undefined && Object.hasOwn(manifest.scripts, inner)) {
        const called = resolveScript(manifest, inner, depth + 1);
        // What follows the script's name, or is set in front of it, concerns what it runs.
        const isBare = words.at(-1) === inner && Object.keys(command.environment).length === 0;
        return isBare ? called : called.map((one) => ({ ...one, isPlain: false }));
      }
      return words.length === 0 ? [] : [command];
    });
  });
}

function plainCommand(words: readonly string[]): ScriptCommand {
  return { words, environment: {}, isPlain: true };
}

/** `A=1 cross-env B=2 npx node x` is `node x` with two variables. */
function readScriptCommand(text: string, isAlone: boolean): ScriptCommand {
  const environment: Record<string, string> = {};
  const words = text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  for (;;) {
    const pair = /^(\w+)=(.*)$/.exec(words[0] ?? '');
    if (pair !== null) environment[pair[1]!] = pair[2]!;
    else if (!/^(?:cross-env|npx|exec)$/.test(words[0] ?? '')) break;
    words.shift();
  }
  return { words, environment, isPlain: isAlone && !/["'`$<>(){}*?!\\~#]/.test(text) };
}
