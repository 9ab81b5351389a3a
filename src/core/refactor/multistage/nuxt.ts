import { baseName } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { joined } from './contextMap.ts';
import { dataFiles } from './dataFiles.ts';
import type { Build, Ecosystem, Plan } from './ecosystem.ts';
import { gatheredFolder, withCopies } from './gathered.ts';
import { node, planNode, readNodeCommand } from './node.ts';
import { packageFolder } from './nodeModules.ts';
import { type NodePackage, readPackage } from './nodePackage.ts';
import { launched } from './nodeStart.ts';
import { manifestOf } from './siteServer.ts';

/** Nuxt and others whose servers Nitro builds: with all that they import in `.output`, which is all that goes along. */
export const nuxt: Ecosystem = {
  id: 'nuxt',
  name: 'Nuxt',

  detect(subject) {
    const folder = subject.workingDir.replace(/\/\.output(?:\/server)?$/, '');
    return (
      node.detect(subject) &&
      ['nuxt', 'nitropack', 'nitro'].some((name) => dependsOn(manifestOf(subject, folder), name))
    );
  },

  read: readNodeCommand,

  plan(build) {
    const plan = planNode(build);
    const app = packageFolder(build);
    const manifest = readPackage(build.subject, app.contextPath);
    const command = startedScript(build, manifest);
    const folder =
      command === undefined
        ? gatheredFolder(build, gathered)
        : gathered.exec(build.subject.absolute(command.at(1) ?? '', build.subject.workingDir))?.[1];
    if (folder === undefined || !isGathered(build, app.contextPath, manifest)) return plan;
    return ofServer(build, plan, folder, command);
  },
};

/** Packages that load by path what was compiled for the machine, and modules that bring such. */
const besidesImports =
  /^(?:bcrypt|sharp|ipx|canvas|better-sqlite3|sqlite3|argon2|re2|isolated-vm|libsql|prisma|onnxruntime-node|@(?:prisma|node-rs|libsql|tensorflow|img|napi-rs)\/.*|@nuxt\/(?:image|content))$/;

const gathered = /^(.*\/\.output)\/server\//;

function dependsOn({ dependencies, devDependencies }: NodePackage, name: string): boolean {
  return Object.hasOwn(dependencies, name) || Object.hasOwn(devDependencies, name);
}

/** The words of `node .output/server/index.mjs` where a script of package.json is all that is started, and only that. */
function startedScript({ subject, start }: Build, manifest: NodePackage): readonly string[] | undefined {
  if (start.entrypoint !== undefined || start.healthcheck !== undefined || start.scripts.length > 0) return undefined;
  const [program, ...others] = start.programs;
  if (program === undefined || others.length > 0 || baseName(program.name) === 'node') return undefined;
  const [only, ...more] = launched(subject, manifest, program);
  if (only?.isPlain !== true || more.length > 0 || Object.keys(only.environment).length > 0) return undefined;
  return only.words[0] === 'node' && only.words.length === 2 ? only.words : undefined;
}

/**
 * Whether `.output` has all that is imported: not where the settings leave something outside, and not for certain with parts that
 * are found by other ways than imports, such as the engines of Prisma and what is compiled for the machine.
 */
function isGathered({ subject }: Build, contextPath: string, manifest: NodePackage): boolean {
  const { project } = subject;
  if (Object.keys({ ...manifest.devDependencies, ...manifest.dependencies }).some((name) => besidesImports.test(name)))
    return false;
  const settings = ['nuxt', 'nitro'].flatMap((name) =>
    ['ts', 'js', 'mjs'].map((end) => joined(contextPath, `${name}.config.${end}`)),
  );
  return !settings.some((file) => /\b(?:externals|trace|extends|preset|output)\b/.test(project.text(file) ?? ''));
}

function ofServer(build: Build, plan: Plan, folder: string, command: readonly string[] | undefined): Plan {
  const { subject, start } = build;
  const data = dataFiles(subject, {
    start,
    isSource:
      /\.(?:[cm]?[jt]sx?|vue)$|(?:^|\/)(?:package(?:-lock)?\.json|yarn\.lock|pnpm-lock\.yaml|tsconfig[\w.]*\.json|\.npmrc)$|(?:^|\/)(?:public|assets|pages|components)\//,
    isProgram: /(?:^|\/)server\/.*\.[cm]?[jt]s$/,
  });
  subject.note(
    'assumed',
    'The server opens no file beside those that its build gathers and those that its sources name.',
  );
  subject.note('test', 'Open pages that read files: what was not gathered is missing.');
  if (command !== undefined)
    subject.note('changed', `CMD is \`${command.join(' ')}\`, which the script starts.`, start.line);
  return {
    ...withCopies(subject, plan, [
      { path: folder, isFolder: true, reason: 'the server and its pages, as the build gathers them' },
      ...data.filter(({ path }) => !isWithin(path, folder)),
    ]),
    ...(command === undefined ? {} : { command }),
  };
}
