import { type Program, wordTexts } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Ecosystem, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { applicationCopies } from './interpreted.ts';
import { ownPrograms } from './neededByName.ts';
import { readNodeCommand } from './node.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';

/** Where the image of PHP keeps what its scripts install. */
const extensions = '/usr/local/lib/php/extensions/';
const settings = '/usr/local/etc/php/';

/** Where Apache's settings are: a site is turned on by a link in there. */
const server = '/etc/apache2/';

/** Extensions that download libraries which no package of the distribution has. */
const foreignExtensions =
  /^(?:oci8|pdo_oci|sqlsrv|pdo_sqlsrv|ioncube_loader|sourceguardian|relay|ddtrace|newrelic|blackfire|snuffleupagus|tensor|geos|tdlib)(?:-|$)/;

/**
 * Applications in PHP: there is no smaller variant of the image, so the run stage is built on the same one, and takes over the
 * extensions without what compiled them, and the application without what fetched its packages.
 */
export const php: Ecosystem = {
  id: 'php',
  name: 'PHP',

  detect(subject) {
    return (
      subject.image === 'php' &&
      subject.scene.runs.some((run) =>
        run.programs.some(
          ({ name, args }) =>
            /^(?:composer|docker-php-ext-\w+|pecl|npm|install-php-extensions)$/.test(name) ||
            args[0]?.value?.endsWith('composer.phar') === true,
        ),
      )
    );
  },

  read: readPhp,

  plan(build) {
    const { subject, steps, start } = build;
    const { line } = subject.stage.from;
    const compiles = steps.some(
      ({ kind, program }) =>
        kind === 'compile' && /^(?:docker-php-ext-install|pecl|install-php-extensions)$/.test(program.name),
    );
    if (!hasBuildTools(subject, steps))
      block('no-benefit', 'Hardly anything is installed that only builds: the compiler is part of the image of PHP.', {
        line,
      });
    const used = start.programs.find(({ name }) => /(?:^|\/)composer(?:\.phar)?$/.test(name));
    if (used !== undefined)
      block('needs-toolchain', `${used.by} starts composer, which installs when the container starts.`, {
        line: start.line,
        unblock: 'Install in a RUN.',
      });
    const application = applicationCopies(build, new Set(['fetch']));
    const isWritten = (folder: string): boolean =>
      steps.some(({ writes }) => writes.some((path) => `${path}/`.startsWith(folder))) ||
      subject.context.mapped.some(({ target }) => `${target}/`.startsWith(folder));
    const enables = steps.some(({ program }) => /^docker-php-ext-enable$/.test(program.name));
    const own: PlannedCopy[] = [];
    if (compiles) own.push({ path: extensions, isFolder: true, reason: 'the extensions that were compiled' });
    if (compiles || enables || isWritten(settings))
      own.push({ path: settings, isFolder: true, reason: 'the settings of PHP and of its extensions' });
    if (isWritten(server) || steps.some(({ program }) => changesApache.test(program.name)))
      own.push({ path: server, isFolder: true, reason: 'the settings of Apache and what is turned on there' });
    const isOwn = ({ path }: PlannedCopy): boolean => own.some((copy) => `${path}/`.startsWith(copy.path));
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [{ reference: subject.base.text, shell: true, packageManager: subject.facts?.packageManager ?? 'apt' }],
        ...(compiles ? { computed: [extensions] } : {}),
      },
      copies: [...own, ...application.filter((copy) => !isOwn(copy))],
      provided: [...ownPrograms(start), 'curl', 'xz'],
      buildFolders: [
        ...application.map(({ path }) => path),
        ...own.map(({ path }) => path.slice(0, -1)),
        '/usr/local/lib/php',
        '/usr/src',
      ],
      buildOnly: /^COMPOSER_\w*$/,
      buildPackages: /^(?:autoconf|re2c|zlib1g-dev|unzip|zip|composer|nodejs|npm|yarn)$/,
    };
    return plan;
  },
};

const changesApache = /^a2(?:en|dis)(?:mod|site|conf)$/;

function readPhp(program: Program, where: Where): Reading | undefined {
  const { name, args } = program;
  const { run, subject } = where;
  const { line } = run.instruction;
  const words = wordTexts(args);
  if (changesApache.test(name)) return { kind: 'compile' };
  switch (name) {
    case 'docker-php-ext-install':
    case 'docker-php-ext-configure':
    case 'docker-php-ext-enable':
    case 'docker-php-source':
    case 'install-php-extensions':
    case 'phpize':
    case 'pecl': {
      const debugger_ = words.find((word) => /^xdebug(?:-|$)/.test(word));
      if (debugger_ !== undefined)
        block('development-image', 'A debugger is installed: this image is for working in.', { line });
      const foreign = words.find((word) => foreignExtensions.test(word));
      if (foreign !== undefined && name !== 'docker-php-ext-enable')
        block('foreign-extension', `${foreign} needs libraries that no package of the distribution has.`, { line });
      return { kind: 'compile' };
    }
    case 'composer':
      return readComposer(words);
    case 'phpunit':
    case 'pest':
      return { kind: 'test' };
    case 'php':
      return readInterpreter(program, where, words);
    case 'make':
      return undefined;
    default:
      return readSettings(program, subject.config?.env ?? {}) ?? readNodeCommand(program);
  }
}

function readComposer(words: readonly string[]): Reading {
  const verb = words.find((word) => !word.startsWith('-')) ?? '';
  const fetches = /^(?:install|update|require|create-project|dump-autoload|dumpautoload|i|run|run-script)$/;
  return { kind: fetches.test(verb) ? 'fetch' : 'neutral' };
}

/** What PHP itself is asked to do: fetch Composer, or have a framework write caches into the application. */
function readInterpreter({ command }: Program, { run }: Where, words: readonly string[]): Reading | undefined {
  const [first = ''] = words;
  if (/(?:^|\/)composer(?:\.phar)?$/.test(first)) return readComposer(words.slice(1));
  const isInstaller =
    words.some((word) => /composer-setup|^--(?:install-dir|filename)/.test(word)) ||
    (words.length <= 3 &&
      run.script.commands.some(
        ({ words: other, next }) =>
          next?.operator === '|' && other.some(({ value }) => (value ?? '').includes('composer.org')),
      ) &&
      command.words.every(({ value }) => value !== '-r'));
  if (isInstaller) return { kind: 'toolchain' };
  if (/^(?:-[vmi]|--version|--ini|-r|--ri)$/.test(first) && first !== '-r') return { kind: 'neutral' };
  // `php -r "copy('…', 'composer-setup.php');"` is how the installer is fetched and removed again.
  if (first === '-r' && /composer-setup|^\s*echo\b/.test(words[1] ?? '')) return { kind: 'toolchain' };
  const caches =
    /^(?:(?:config|route|view|event|cache):(?:cache|clear|warmup)|optimize|package:discover|storage:link|assets:install|key:generate)$/;
  return /(?:^|\/)(?:artisan|console)$/.test(first) && words.some((word) => caches.test(word))
    ? { kind: 'compile' }
    : undefined;
}

/** Commands on files that name them by a variable of the image: `$PHP_INI_DIR`, `$APACHE_CONFDIR`. */
function readSettings({ name, args, command }: Program, env: Readonly<Record<string, string>>): Reading | undefined {
  if (!/^(?:mv|cp|sed|ln|touch|tee|rm|mkdir|echo|printf|cat)$/.test(name)) return undefined;
  const redirected = command.redirections.flatMap(({ operator, target }) =>
    operator.startsWith('>') && target !== undefined ? [target.text] : [],
  );
  const isPrinter = /^(?:echo|printf|cat)$/.test(name);
  const written = [...redirected, ...(isPrinter ? [] : args.map(({ text }) => text))];
  const variables = /\$(?:\{(PHP_INI_DIR|APACHE_CONFDIR)\}|(PHP_INI_DIR|APACHE_CONFDIR)\b)/g;
  if (!written.some((text) => new RegExp(variables.source).test(text))) return undefined;
  const paths = written
    .map((text) => text.replace(variables, (_, a: string | undefined, b: string | undefined) => env[a ?? b!] ?? ''))
    .map((text) => text.replace(/["']/g, ''))
    .filter((text) => text.startsWith('/'));
  if (paths.length === 0 || paths.some((path) => /[$`]/.test(path))) return undefined;
  return name === 'rm' ? { kind: 'remove', removes: paths } : { kind: 'files', writes: paths };
}

/** Headers of a few megabytes: what takes their place in the run stage weighs as much. */
const smallHeaders =
  /^(?:libpq|libzip|libpng|libonig|libxml2|libcurl4-openssl|libsqlite3|zlib1g|libjpeg|libjpeg62-turbo|libxslt1?|libbz2|libgmp|libsodium|libldap2|libedit|libreadline|libfreetype6|libwebp)-dev$/;

/** Whether packages are installed that only fetch or build, and weigh something. */
function hasBuildTools(subject: Subject, steps: readonly Step[]): boolean {
  const isAlpine = subject.facts?.packageManager === 'apk';
  return steps.some(
    ({ packages = [], program }) =>
      packages.some(
        (name) =>
          /^(?:git|unzip|zip|composer|nodejs|npm|build-essential|build-base|gcc|g\+\+|make|.*-dev)$/.test(name) &&
          !smallHeaders.test(name),
      ) ||
      // On Debian they are there already.
      (isAlpine && program.name === 'apk' && program.args.some(({ text }) => text.includes('PHPIZE_DEPS'))),
  );
}
