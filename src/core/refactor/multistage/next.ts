import { lineBreakAt } from '../../rules/edit/lines.ts';
import { joined } from './contextMap.ts';
import { gatheredFolder, withCopies } from './gathered.ts';
import type { Build, Ecosystem, Plan, PlannedCopy } from './ecosystem.ts';
import { node, planNode, readNodeCommand } from './node.ts';
import { type ApplicationFolder, packageFolder } from './nodeModules.ts';
import { readPackage } from './nodePackage.ts';
import { launched } from './nodeStart.ts';
import { manifestOf } from './siteServer.ts';
import type { Subject } from './subject.ts';

/** What only the next build would use; the folder around it is for pages that are made when they are asked for. */
const buildCaches = ['webpack', 'swc', 'eslint'];

/** Next.js: as any server on Node.js, or only what its own build gathers. */
export const next: Ecosystem = {
  id: 'next',
  name: 'Next.js',

  detect(subject) {
    const folder = subject.workingDir.replace(/\/\.next\/standalone$/, '');
    return node.detect(subject) && Object.hasOwn(manifestOf(subject, folder).dependencies, 'next');
  },

  read: readNodeCommand,

  plan(build) {
    const { subject } = build;
    const plan = planNode(build);
    const folder = gatheredFolder(build, /^(.*\/\.next\/standalone)\//);
    if (folder !== undefined) {
      subject.note('assumed', 'The server opens no file beside those that Next.js gathers.');
      return withCopies(subject, plan, [{ path: folder, isFolder: true, reason: 'the server, as Next.js gathers it' }]);
    }
    const app = packageFolder(build);
    const settings = startSettings(build, app);
    if (settings !== undefined && isToBeGathered(subject)) return gathering(build, plan, app, settings);
    const caches = buildCaches.map((name) => `${app.path}/.next/cache/${name}`).join(' ');
    return { ...plan, tail: [...(plan.tail ?? []), `RUN rm -rf ${caches}`] };
  },
};

/** What `next start` is told; undefined where something else starts, or it is told what its gathered server does not know. */
function startSettings(
  { subject, start }: Build,
  { contextPath }: ApplicationFolder,
): Readonly<Record<string, string>> | undefined {
  if (start.entrypoint !== undefined || start.healthcheck !== undefined || start.scripts.length > 0) return undefined;
  const [program, ...others] = start.programs;
  const commands = program === undefined ? [] : launched(subject, readPackage(subject, contextPath), program);
  const [only] = commands;
  if (others.length > 0 || commands.length !== 1 || only?.isPlain !== true) return undefined;
  const [tool, verb, ...options] = only.words;
  if (tool !== 'next' || verb !== 'start') return undefined;
  // `next start` listens on every address; the gathered server where this variable says.
  const settings: Record<string, string> = { HOSTNAME: '0.0.0.0', ...only.environment };
  for (let at = 0; at < options.length; at += 2) {
    const [option, value] = [options[at]!, options[at + 1]];
    if (value === undefined) return undefined;
    if (/^(?:-p|--port)$/.test(option)) settings.PORT = value;
    else if (/^(?:-H|--hostname)$/.test(option)) settings.HOSTNAME = value;
    else return undefined;
  }
  return settings;
}

function isToBeGathered(subject: Subject): boolean {
  const question = {
    key: 'next-standalone',
    prompt: 'Let Next.js gather what its server needs, and copy only that?',
    choices: [
      { value: 'no', label: 'No: the application with its production dependencies' },
      { value: 'yes', label: "Yes: as with `output: 'standalone'`, far smaller" },
    ],
    default: 'no',
    detail: 'It follows what is imported: files that are opened by a path that is computed are left behind.',
  };
  return subject.ask(question) === 'yes';
}

/** Has the build gather the server, and starts that. */
function gathering(
  { subject, steps }: Build,
  plan: Plan,
  { path, contextPath }: ApplicationFolder,
  settings: Readonly<Record<string, string>>,
): Plan {
  const { dockerfile, project } = subject;
  const build = steps.find(({ kind }) => kind === 'compile')?.instruction;
  if (build === undefined) return plan;
  const at = build.span.start;
  const from = `${path}/.next/standalone/`;
  const hasPublic = project.has(joined(contextPath, 'public'));
  subject.note('changed', 'CMD is `node server.js`, the server that Next.js gathers.', build.line);
  subject.note('test', 'Open pages that read files, and those with pictures: what was not gathered is missing.');
  const part = (name: string, reason: string): PlannedCopy => ({ path: `${path}/${name}`, isFolder: true, reason });
  return {
    ...withCopies(subject, plan, [
      { path, from, isFolder: true, reason: 'the server, as Next.js gathers it' },
      part('.next/static', 'what browsers load'),
      ...(hasPublic ? [part('public', 'files that are handed out as they are')] : []),
    ]),
    edits: [{ start: at, end: at, newText: `ENV NEXT_PRIVATE_STANDALONE=1${lineBreakAt(dockerfile.text, at)}` }],
    // In a repository of several packages the server is elsewhere: then the build fails here, not the container later.
    tail: [`RUN test -f ${from}server.js`],
    command: ['node', 'server.js'],
    environment: settings,
  };
}
