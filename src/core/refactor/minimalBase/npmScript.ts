import { contextIn } from '../multistage/contextMap.ts';
import { readPackageFile } from '../multistage/nodePackage.ts';
import type { SwapSubject } from './subject.ts';

/**
 * What `npm start` and its like run in the end: the words of a script of `package.json` that is one plain command, without
 * scripts before and after it. Undefined where it is not that simple.
 */
export function npmScript(subject: SwapSubject, argv: readonly string[]): readonly string[] | undefined {
  const [manager, verb, ...rest] = argv;
  if (!/^(?:npm|yarn|pnpm)$/.test(manager ?? '')) return undefined;
  const name = verb === 'run' || verb === 'run-script' ? rest.shift() : verb;
  if (name === undefined || rest.length > 0 || name.startsWith('-')) return undefined;
  const scripts = packageScripts(subject);
  const script = scripts[name];
  if (script === undefined || scripts[`pre${name}`] !== undefined || scripts[`post${name}`] !== undefined)
    return undefined;
  // Quotes, variables and operators are for a shell.
  return /^[\w./:@=,+ -]+$/.test(script) && !/^\w+=/.test(script) ? script.trim().split(/ +/) : undefined;
}

function packageScripts({ top, project, config }: SwapSubject): Readonly<Record<string, string>> {
  const context = contextIn(top, project, config?.workingDir);
  const last = top.stage.instructions.at(-1);
  const folder = last === undefined ? '/' : (top.folderAt(last) ?? '/');
  const path = context.contextPath(top.absolute('package.json', folder)!) ?? 'package.json';
  return readPackageFile(project, path).scripts;
}
