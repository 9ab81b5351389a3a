import { baseName } from '../../program/fileSystem.ts';
import { catalogue } from '../../base/catalogueRows.ts';
import { isRoot } from '../../rules/scene/user.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, ImageBase, Plan } from './ecosystem.ts';
import { readNodeCommand } from './node.ts';
import { readPython } from './python.ts';
import { readRuby } from './ruby.ts';
import { buildCommands, checkBasePath, checkProxy, siteFolder } from './siteBuild.ts';
import { siteServer, type SiteServer } from './siteServer.ts';
import { readStart } from './start.ts';
import { workFolders } from './workFolders.ts';

/** Sites whose server only hands out files: what is built goes along, onto nginx. */
export const staticSite: Ecosystem = {
  id: 'static-site',
  name: 'site',

  detect(subject) {
    const starts = subject.stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
    const server = starts ? siteServer(subject, readStart(subject)) : undefined;
    if (server === undefined) return false;
    const isBuilt = subject.scene.runs.some((run) =>
      run.programs.some(({ name }) =>
        /^(?:npm|yarn|pnpm|npx|bun|node|hugo|jekyll|bundle|mkdocs|mdbook|sphinx-build|make|pip)$/.test(name),
      ),
    );
    return isBuilt || server.build !== undefined;
  },

  read(program, where) {
    if (/^(?:hugo|mdbook|mkdocs|sphinx-build|zola|jekyll|eleventy)$/.test(program.name)) {
      const isInfo = program.args.some(({ text }) => /^(?:version|--version|env)$/.test(text));
      return { kind: isInfo ? 'neutral' : 'compile' };
    }
    // A script of the project that makes pages: only where they are is copied.
    const isScript = /^python[\d.]*$/.test(program.name) && program.args[0]?.value?.endsWith('.py') === true;
    if (isScript) return { kind: 'compile' };
    return readNodeCommand(program) ?? readPython(program, where) ?? readRuby(program, where);
  },

  plan(build) {
    const { subject, start } = build;
    const server = siteServer(subject, start)!;
    const { line } = start;
    if (start.entrypoint !== undefined && start.cmd !== undefined && start.scripts.length > 0) {
      block('entrypoint-script', 'A script prepares what is served when the container starts.', { line });
    }
    checkServer(build, server);
    if (server.isOfTool) {
      checkProxy(build);
      checkBasePath(build, server);
    }
    const root = siteFolder(build, server);
    const port = portOf(build, server);
    const tail = [
      ...(server.build === undefined ? [] : buildCommands(build, server)),
      serverSettings(build, port, root, server),
    ];
    const isRoot = runsAsRoot(build, port);
    subject.note('changed', `The files are served by nginx now, not by \`${start.argv.join(' ')}\`.`, line);
    subject.note(
      'changed',
      'A folder without a first page is answered with an error, not with a list of its files.',
      line,
    );
    const plan: Plan = {
      program: { kind: 'image', bases: [nginx(isRoot)] },
      copies: [
        { path: root, isFolder: true, reason: 'the site' },
        {
          path: '/etc/nginx/conf.d/default.conf',
          from: settingsFile,
          isFolder: false,
          reason: 'the settings of the server',
        },
      ],
      tail,
      buildFolders: workFolders(subject, build.steps),
      buildOnly:
        /^(?:NODE_ENV|NODE_OPTIONS|CI|npm_config_\w*|NPM_CONFIG_\w*|YARN_\w*|PNPM_HOME|HUGO_\w*|JEKYLL_\w*|BUNDLE_\w*|GEM_\w*|LANG|PYTHON\w*|PIP_\w*|(?:REACT_APP|VITE|VUE_APP|NEXT_PUBLIC|GATSBY|PUBLIC|NG_APP)_\w*|PORT|HOST|CHOKIDAR_\w*|WATCHPACK_\w*|WDS_\w*)$/,
      buildPackages: /./,
      startsItself: true,
      // The server's user is one that its own image has.
      keepsUser: true,
    };
    return plan;
  },
};

/** Where anyone may write, whoever builds. */
const settingsFile = '/tmp/run-nginx.conf';

/** The stable nginx on Alpine, without the modules that hand out no files; as root, or as a user of its own. */
function nginx(isRoot: boolean): ImageBase {
  const version = catalogue.channels.nginx?.stable ?? 'stable';
  const name = isRoot ? 'nginx' : 'nginxinc/nginx-unprivileged';
  return { reference: `${name}:${version}-alpine-slim`, shell: true, packageManager: 'apk' };
}

/** A server that does more than to hand out files cannot be replaced by one that does not. */
function checkServer({ subject, start }: Build, { name, special }: SiteServer): void {
  const { line } = start;
  if (special !== undefined)
    block('server-options', `\`${special}\` makes ${name} do more than to hand out files.`, {
      line,
      unblock: 'Leave the option out, or write the settings of a server that does the same.',
    });
  const file = subject.project.files.find(
    (path) => /(?:^|\/)serve\.json$/.test(path) && !path.includes('node_modules/'),
  );
  if (name === 'serve' && file !== undefined)
    block('server-options', `${file} has settings for ${name}, which another server does not read.`, { line });
}

/** Whether the server may start as root: where the file says otherwise, it is an image that starts as a user. */
function runsAsRoot({ subject, start }: Build, port: string): boolean {
  const user = subject.scene.userAt(subject.stage.instructions.at(-1)!);
  if (user === undefined || isRoot(user)) return true;
  if (Number(port) < 1024)
    block('server-user', `The server runs as ${user}, who may not listen on port ${port} everywhere.`, {
      line: start.line,
      unblock: 'Let it listen on a port above 1023.',
    });
  subject.note('changed', `The server runs as the user 101 of its image, and ran as ${user}.`, start.line);
  return false;
}

/** The server listens where the old one did, so that those who map the port find it; asked where the file says two things. */
function portOf({ subject }: Build, { port, isPortSaid, isOfTool }: SiteServer): string {
  const exposed = subject.stage.instructions
    .find(({ keyword }) => keyword === 'EXPOSE')
    ?.words[0]?.text.replace(/\/tcp$/, '');
  const named = exposed !== undefined && /^\d+$/.test(exposed) ? exposed : undefined;
  const proposed = isPortSaid || !isOfTool ? String(port) : (named ?? String(port));
  // Settings of a tool may name a port that neither the command nor the file does.
  const isCertain = isPortSaid
    ? named === undefined || named === proposed
    : named === String(port) || (named === undefined && !isOfTool);
  const question = {
    key: 'port',
    prompt: 'On which port does the server listen?',
    default: proposed,
    detail: `Those who start the container map it; up to now it is ${proposed}.`,
  };
  const answer = isCertain ? subject.ask(question) : subject.require(question);
  return /^[1-9]\d{0,4}$/.test(answer) && Number(answer) < 65536
    ? answer
    : block('bad-answer', `${answer} is no port.`);
}

/**
 * The settings of nginx, in one line, so that nothing in them needs a backslash: nginx does not mind. Redirections to folders
 * leave the host out, because the port inside of the container is another one than outside. Types are those of the image with two
 * that its list lacks.
 */
function serverSettings(
  { start }: Build,
  port: string,
  root: string,
  { isSinglePage, knowsPages }: SiteServer,
): string {
  // What asks for `localhost` may ask for its address in IPv6 only; otherwise a machine without IPv6 must do.
  const asksLocalhost = start.programs.some(
    ({ name, args }) => /^(?:wget|curl|nc)$/.test(baseName(name)) && args.some((word) => word.includes('localhost')),
  );
  const other = isSinglePage ? '/index.html' : knowsPages ? '$uri.html =404' : '=404';
  const lines = [
    'server {',
    `listen ${port};`,
    ...(asksLocalhost ? [`listen [::]:${port};`] : []),
    `root ${root};`,
    'absolute_redirect off;',
    'charset utf-8;',
    'include /etc/nginx/mime.types;',
    'types { text/javascript mjs; application/manifest+json webmanifest; }',
    ...(knowsPages && !isSinglePage ? ['error_page 404 /404.html;'] : []),
    `location / { try_files $uri $uri/ ${other}; }`,
    '}',
  ];
  return `RUN echo '${lines.join(' ')}' > ${settingsFile}`;
}
