import type { ShellWord } from '../dockerfile/shellScript.ts';
import { startsWith, verbOf } from './cacheLeft.ts';
import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface DevHit extends Hit {
  readonly run: Run;
  readonly program: Program;
  readonly verb: ShellWord;
  readonly tool: Tool;
}

interface Tool {
  readonly verbs: ReadonlySet<string>;
  /** Options that leave development dependencies out. */
  readonly off: RegExp;
  /** The option that the fix adds. */
  readonly flag: string;
  /** `NODE_ENV=production` does it as well. */
  readonly obeysNodeEnv: boolean;
}

const tools: Readonly<Record<string, Tool>> = {
  npm: {
    verbs: new Set(['install', 'i', 'ci', 'clean-install']),
    off: /^(?:--omit=.*dev.*|--production(?:=true)?|--only=prod(?:uction)?|--prod|-g|--global|--location=global)$/,
    flag: '--omit=dev',
    obeysNodeEnv: true,
  },
  yarn: {
    verbs: new Set(['install']),
    off: /^(?:--production(?:=true)?|--prod|--immutable)$/,
    flag: '--production',
    obeysNodeEnv: true,
  },
  pnpm: {
    verbs: new Set(['install', 'i']),
    off: /^(?:--prod|-P|--production)$/,
    flag: '--prod',
    obeysNodeEnv: true,
  },
  composer: {
    verbs: new Set(['install', 'i']),
    off: /^--no-dev$/,
    flag: '--no-dev',
    obeysNodeEnv: false,
  },
};

export const devDependenciesLeft: Rule<DevHit> = {
  id: 'dev-dependencies-left',
  title: 'Development dependencies in the final stage',
  why: 'Compilers, bundlers, linters and test runners are often most of `node_modules` or `vendor`, and nothing that a container runs needs them. Install with `--omit=dev` (npm), `--production` (Yarn 1), `--prod` (pnpm) or `--no-dev` (Composer); where the stage also builds, build in a stage of its own. Whether the program really starts without them the file does not show, so the fix asks. Nothing is reported where development dependencies are pruned later in the same `RUN`, or where the start command is a development server.',

  detect(scene) {
    // In a stage that only builds they are in their place.
    if (!scene.ships || startsWith(scene, /nodemon|\bdev\b|\bwatch\b|ts-node|\btsx\b|vite\b|\btest\b|webpack|next dev/))
      return [];
    return scene.runs.flatMap((run) =>
      run.programs.flatMap((program): DevHit[] => {
        const tool = Object.hasOwn(tools, program.name) ? tools[program.name]! : undefined;
        const verb = tool && verbOf(program, tool.verbs);
        if (!tool || !verb || installsNamed(program, verb) || hasArgument(program, tool.off) || isPruned(run, program))
          return [];
        if (
          tool.obeysNodeEnv &&
          [run.variable(program, 'NODE_ENV'), run.variable(program, 'npm_config_omit')].some(
            (value) => value === 'production' || value === 'dev',
          )
        )
          return [];
        if (program.name === 'composer' && run.variable(program, 'COMPOSER_NO_DEV') === '1') return [];
        const message = `This installs development dependencies too. ${tool.flag} leaves them out.`;
        return [{ instruction: run.instruction, run, program, verb, tool, span: program.command.span, message }];
      }),
    );
  },

  fix({ run, program, verb, tool }, scene) {
    // What builds here may need them.
    if (buildsAfter(scene, run, program)) return undefined;
    const flag = tool.flag === '--omit=dev' && isOldNode(scene) ? '--only=production' : tool.flag;
    return { title: `Add ${flag}`, confidence: 'ask', edits: [insertWord(run.script, verb, flag)] };
  },
};

/** `npm install express`: packages that are named are installed whatever they are. */
function installsNamed({ args }: Program, verb: ShellWord): boolean {
  return args.slice(args.indexOf(verb) + 1).some(({ value, text }) => !(value ?? text).startsWith('-'));
}

function isPruned(run: Run, program: Program): boolean {
  return run
    .after(program)
    .some(
      ({ name, args }) =>
        name === program.name &&
        (args[0]?.value === 'prune' ||
          args.some(({ value }) => /^(?:--production|--prod|--omit=dev)$/.test(value ?? ''))),
    );
}

/** npm 6 and older do not know `--omit`. */
function isOldNode(scene: Scene): boolean {
  const { name, version } = scene.facts?.language ?? {};
  return name === 'Node.js' && version !== undefined && Number(version.split('.')[0]) < 16;
}

function buildsAfter(scene: Scene, run: Run, program: Program): boolean {
  return run.after(program).some(builds) || scene.someRunAfter(run.instruction, buildsIn);
}

function buildsIn({ programs }: Run): boolean {
  return programs.some(builds);
}

function builds({ name, args }: Program): boolean {
  return (
    /^(?:npx|tsc|vite|webpack|ng|next|nest|make|gulp|grunt|rollup|esbuild|bun|php|symfony)$/.test(name) ||
    (/^(?:npm|yarn|pnpm)$/.test(name) && !/^(?:cache|config|store|prune|set)$/.test(args[0]?.value ?? ''))
  );
}
