import type { Program } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Ecosystem, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { applicationCopies } from './interpreted.ts';
import { readNodeCommand } from './node.ts';
import type { Reading, Step } from './step.ts';

/** Where the image of PHP keeps what its scripts install. */
const extensions = '/usr/local/lib/php/extensions/';
const settings = '/usr/local/etc/php/';

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
        run.programs.some(({ name }) => /^(?:composer|docker-php-ext-\w+|pecl|npm|install-php-extensions)$/.test(name)),
      )
    );
  },

  read: readPhp,

  plan(build) {
    const { subject, steps, start } = build;
    const compiles = steps.some(
      ({ kind, program }) =>
        kind === 'compile' && /^(?:docker-php-ext-install|pecl|install-php-extensions)$/.test(program.name),
    );
    if (!compiles && !fetchesWithTools(steps)) {
      block('no-benefit', 'Nothing is installed that only builds.', { line: subject.stage.from.line });
    }
    const used = start.programs.find(({ name }) => /(?:^|\/)composer$/.test(name));
    if (used !== undefined)
      block('needs-toolchain', `${used.by} starts composer, which installs when the container starts.`, {
        line: start.line,
        unblock: 'Install in a RUN.',
      });
    const application = applicationCopies(build, new Set(['fetch']));
    const own: PlannedCopy[] = compiles
      ? [
          { path: extensions, isFolder: true, reason: 'the extensions that were compiled' },
          { path: settings, isFolder: true, reason: 'the settings of PHP and of its extensions' },
        ]
      : steps.some(({ writes }) => writes.some((path) => path.startsWith(settings)))
        ? [{ path: settings, isFolder: true, reason: 'the settings of PHP' }]
        : [];
    const plan: Plan = {
      program: {
        kind: 'image',
        bases: [{ reference: subject.base.text, shell: true, packageManager: subject.facts?.packageManager ?? 'apt' }],
        ...(compiles ? { computed: [extensions] } : {}),
      },
      copies: [...own, ...application],
      // Modules of the web server are links in its own folders, which are made again rather than copied.
      runs: steps
        .filter(({ program }) => /^(?:a2enmod|a2dismod|a2ensite|a2dissite|a2enconf|a2disconf)$/.test(program.name))
        .map(({ program: { command } }) => subject.dockerfile.text.slice(command.span.start, command.span.end)),
      buildFolders: [...application.map(({ path }) => path), '/usr/local/etc/php', '/usr/local/lib/php', '/usr/src'],
      buildOnly: /^COMPOSER_\w*$/,
      buildPackages: /^(?:autoconf|re2c|zlib1g-dev|unzip|zip|nodejs|npm|yarn|\$PHPIZE_DEPS)$/,
    };
    return plan;
  },
};

function readPhp(program: Program, { run }: Where): Reading | undefined {
  const { name, args, command } = program;
  const words = args.map(({ value, text }) => value ?? text);
  const verb = words.find((word) => !word.startsWith('-')) ?? '';
  switch (name) {
    case 'docker-php-ext-install':
    case 'docker-php-ext-configure':
    case 'docker-php-ext-enable':
    case 'docker-php-source':
    case 'install-php-extensions':
    case 'phpize':
      return { kind: 'compile' };
    case 'pecl':
    case 'pear':
      return { kind: 'compile' };
    case 'composer':
      return {
        kind: /^(?:install|update|require|create-project|dump-autoload|dumpautoload|i)$/.test(verb)
          ? 'fetch'
          : 'neutral',
      };
    case 'a2enmod':
    case 'a2dismod':
    case 'a2ensite':
    case 'a2dissite':
    case 'a2enconf':
    case 'a2disconf':
      return { kind: 'system' };
    case 'phpunit':
    case 'pest':
      return { kind: 'test' };
    case 'php':
      // The installer of Composer, and the commands of frameworks that only write caches into the application.
      if (
        words.some((word) => /composer-setup|^--(?:install-dir|filename)/.test(word)) ||
        (run.script.commands.some(({ words: other }) =>
          other.some(({ value }) => (value ?? '').includes('getcomposer.org')),
        ) &&
          words.length <= 3)
      )
        return { kind: 'toolchain' };
      if (/^-[vmi]$|^--version$/.test(words[0] ?? '')) return { kind: 'neutral' };
      if (
        /(?:^|\/)(?:artisan|console)$/.test(words[0] ?? '') &&
        words.some((word) =>
          /^(?:(?:config|route|view|event|cache):(?:cache|clear|warmup)|optimize|package:discover|storage:link|assets:install|key:generate)$/.test(
            word,
          ),
        )
      )
        return { kind: 'compile' };
      return undefined;
    case 'mv':
    case 'cp':
    case 'sed':
      // `$PHP_INI_DIR` is a variable of the image.
      if (
        command.words.some(({ text }) => /\$\{?PHP_INI_DIR/.test(text)) &&
        !command.words.some(({ text }) => /[`]|\$\(/.test(text))
      )
        return { kind: 'files', writes: [`${settings}php.ini`] };
      return undefined;
    default:
      return readNodeCommand(program);
  }
}

/** Packages that only fetch or build, which the application's own installation needs. */
function fetchesWithTools(steps: readonly Step[]): boolean {
  return steps.some(({ packages = [] }) =>
    packages.some((name) => /^(?:git|unzip|zip|nodejs|npm|build-essential|gcc|g\+\+|make|.*-dev)$/.test(name)),
  );
}
