import type { Program } from '../../rules/scene/program.ts';
import { packageWith } from '../systemPrograms.ts';
import type { Build, Ecosystem, Plan } from './ecosystem.ts';
import { namesIn } from './neededByName.ts';
import { readApplication } from './nodeApplication.ts';
import { sourcesOf } from './nodeModules.ts';
import type { NodePackage } from './nodePackage.ts';
import { globalTools, scriptPackages } from './nodeStart.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';

const managers = new Set(['npm', 'yarn', 'pnpm']);

/** Servers that run on Node.js: the application goes along with its production dependencies, onto the slim variant. */
export const node: Ecosystem = {
  id: 'node',
  name: 'Node.js',

  detect(subject) {
    return (
      subject.image === 'node' && subject.scene.runs.some((run) => run.programs.some(({ name }) => managers.has(name)))
    );
  },

  read: readNodeCommand,

  plan: planNode,
};

/** The plan for an application that Node.js runs where it was built. */
export function planNode(build: Build): Plan {
  const { subject, steps } = build;
  const { folder, manifest, start, variant, plan } = readApplication(build, 'Node.js', installsBuildTools(steps));
  const runs = globalTools(build, start, manifest);
  const distribution = variant.packageManager === 'apk' ? 'alpine' : 'debian';
  return {
    ...plan,
    buildOnly:
      /^(?:NPM_CONFIG_\w*|npm_config_\w*|YARN_\w*|PNPM_HOME|COREPACK_\w*|PUPPETEER_SKIP_\w*|CYPRESS_\w*|HUSKY|SHARP_\w*)$/,
    buildPackages: /^(?:python3?|python-is-python3|node-gyp)$/,
    packages: [
      ...usedPrograms(subject, folder.contextPath, distribution),
      ...scriptPackages(start, distribution),
      ...systemPackages(subject, manifest),
    ],
    provided: ['yarn', 'yarnpkg', ...(runs.length > 0 ? build.start.programs.map(({ name }) => name) : [])],
    runs,
  };
}

/** Reads the commands of npm, yarn, pnpm and what they start. */
export function readNodeCommand({ name, args }: Program): Reading | undefined {
  const verb = args.find(({ text }) => !text.startsWith('-'))?.value ?? '';
  if (managers.has(name)) {
    if (args.some(({ text }) => /^(?:-g|--global|--location=global)$/.test(text)) || verb === 'global')
      return { kind: 'toolchain' };
    if (
      /^(?:|install|i|ci|add|clean-install|fetch|import|dedupe|prune|rebuild|update|upgrade|link|install-clean|up)$/.test(
        verb,
      )
    )
      return { kind: 'fetch' };
    if (
      /^(?:config|set|cache|store|version|login|audit|fund|info|view|outdated|pkg|plugin|why|ls|list|root|bin|-v)$/.test(
        verb,
      )
    )
      return { kind: 'neutral' };
    if (/^(?:test|t|lint)$/.test(verb)) return { kind: 'test' };
    return { kind: 'compile' };
  }
  if (name === 'corepack') return { kind: 'toolchain' };
  if (
    /^(?:npx|pnpx|tsc|webpack|vite|rollup|esbuild|babel|nest|next|nuxt|ng|vue-cli-service|react-scripts|parcel|gulp|grunt|prisma|swc|turbo|nx|lerna|tsup|ncc|astro|svelte-kit|remix|gatsby|eleventy|node-gyp|node-prune|modclean|n)$/.test(
      name,
    )
  ) {
    return { kind: 'compile' };
  }
  if (/^(?:jest|vitest|mocha|ava|tap|eslint|prettier|cypress|playwright)$/.test(name)) return { kind: 'test' };
  // A script of the project: it writes where it runs, as far as anyone writes scripts for a build.
  if (name === 'node')
    return { kind: args.some(({ text }) => /^(?:-v|--version|-p|-e)$/.test(text)) ? 'neutral' : 'compile' };
  return undefined;
}

function installsBuildTools(steps: readonly Step[]): boolean {
  return steps.some(({ packages = [] }) =>
    packages.some((name) => /^(?:build-essential|build-base|g\+\+|gcc|make|python3?|.*-dev)$/.test(name)),
  );
}

/** Programs that the sources start by name and that only the full image has: their packages. */
function usedPrograms(subject: Subject, contextPath: string, distribution: 'debian' | 'alpine'): readonly string[] {
  const { project } = subject;
  const texts = sourcesOf(subject, contextPath).map((file) => project.text(file) ?? '');
  const starting = texts.filter((text) => text.includes('child_process') || text.includes('execa'));
  if (starting.length === 0) return [];
  const found = namesIn(starting);
  subject.note(
    'assumed',
    found.length > 0
      ? `The sources start ${found.join(', ')}.`
      : 'The sources start other programs: those that are looked for by name were not found, so only what the slim image has is there.',
  );
  return found.flatMap((name) => packageWith(distribution, name) ?? []);
}

/** What the full image brings beside programs and a slim one lacks. */
function systemPackages({ scope, config }: Subject, { dependencies, devDependencies }: NodePackage): readonly string[] {
  // Prisma asks openssl for its version, to choose the engine that fits.
  const prisma = [dependencies, devDependencies].some(
    (all) => Object.hasOwn(all, '@prisma/client') || Object.hasOwn(all, 'prisma'),
  );
  const settings = ['NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']
    .map((name) => scope.get(name) ?? '')
    .join(' ');
  const certificates = config?.certificates === true && /--use-(?:openssl|system)-ca|\/etc\/ssl\//.test(settings);
  return [...(prisma ? ['openssl'] : []), ...(certificates ? ['ca-certificates'] : [])];
}
