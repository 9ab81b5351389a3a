/**
 * `npm test`: every suite, one after the other, and one closing line for all of them together. What a suite needs is
 * installed where that can be done; else the suite is named as skipped, and with `CI=true` a skip is a failure.
 * `npm test -- unit registry` runs only the suites named.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installCodeServer, isCodeServerInstalled } from './e2e/codeServer.ts';
import { codeServerNeeds } from './e2e/needs.ts';
import { type Need, provide } from './tools/machine.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

interface Suite {
  readonly name: string;
  readonly needs: readonly Need[];
  readonly run: () => Tally | Promise<Tally>;
}

const root = path.join(import.meta.dirname, '..');
const ci = process.env.CI === 'true';
const engineNeeds: Need[] = [
  { has: 'dockerd', debian: 'docker.io' },
  { has: 'iptables', debian: 'iptables' },
  { has: 'podman', debian: 'podman' },
  { has: 'skopeo', debian: 'skopeo' },
  { has: 'mmdebstrap', debian: 'mmdebstrap' },
  { has: 'openssl', debian: 'openssl' },
  { has: 'nsenter', debian: 'util-linux' },
  { has: 'g++', debian: 'g++' },
  { has: 'musl-gcc', debian: 'musl-tools' },
];
const registryNeeds: Need[] = [{ has: 'docker-registry', debian: 'docker-registry' }];
const editorNeeds: Need[] = [
  { has: 'chromium', debian: 'chromium' },
  ...codeServerNeeds,
  ...engineNeeds,
  ...registryNeeds,
];

const suites: Suite[] = [
  { name: 'check', needs: [], run: check },
  { name: 'unit', needs: [], run: () => vitest('unit') },
  { name: 'fuzz', needs: [], run: fuzz },
  { name: 'registry', needs: registryNeeds, run: () => vitest('registry') },
  { name: 'engine', needs: [...engineNeeds, ...registryNeeds], run: () => vitest('engine', 'builds') },
  { name: 'editor', needs: editorNeeds, run: editor },
];

/** A suite that cannot even begin has failed; the others still run. */
async function outcome(suite: Suite): Promise<Tally> {
  try {
    return await suite.run();
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

function succeeds(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0;
}

/** Counts commands that have nothing to count themselves: each is one test. */
function commands(list: readonly (readonly [string, ...string[]])[]): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const [command, ...args] of list) {
    console.log(`  ${[command, ...args].join(' ')}`);
    if (succeeds(command, ...args)) tally.passed++;
    else tally.failed++;
  }
  return tally;
}

/** Types in every room of the house, lint with the layer table, format, and that both bundles build. */
function check(): Tally {
  const rooms = ['src/core', 'src/webview'].filter((room) => existsSync(path.join(root, room, 'tsconfig.json')));
  return commands([
    ['tsc', '-p', '.'],
    ...rooms.map((room): [string, ...string[]] => ['tsc', '-p', room]),
    ['eslint', '--flag', 'unstable_native_nodejs_ts_config', '--max-warnings', '0', '.'],
    ['prettier', '--check', '--log-level', 'warn', '.'],
    ['node', 'esbuild.config.ts', '--production'],
  ]);
}

function fuzz(): Tally {
  return commands([['node', 'test/bench/fuzzTar.ts', ci ? '60' : '5']]);
}

function vitest(...projects: readonly string[]): Tally {
  const folder = mkdtempSync(path.join(tmpdir(), 'plimsoll-test-'));
  const file = path.join(folder, 'result.json');
  const reporters = ['--reporter=default', '--reporter=json'];
  const ended = spawnSync(
    'vitest',
    ['run', ...projects.map((project) => `--project=${project}`), ...reporters, `--outputFile.json=${file}`],
    { cwd: root, stdio: 'inherit' },
  );
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(file)) {
    const result = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    tally.passed = result.numPassedTests ?? 0;
    tally.failed = result.numFailedTests ?? 0;
    tally.skipped = (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0);
  }
  rmSync(folder, { recursive: true, force: true });
  // A file that cannot be loaded, or an error outside any test, fails the run without failing a test.
  if (ended.status !== 0 && tally.failed === 0) tally.failed = 1;
  return tally;
}

/** Begins what takes a minute and a half beside the suites that run before the one that needs it. */
function beginCodeServer(): Promise<void> {
  const isNeeded = chosen.some(({ name }) => name === 'editor') && !isCodeServerInstalled();
  if (!isNeeded || provide(codeServerNeeds) !== undefined) return Promise.resolve();
  const installed = installCodeServer(() => undefined);
  // Its failure is that of the suite that awaits it, and until then nobody's.
  installed.catch(() => undefined);
  return installed;
}

async function editor(): Promise<Tally> {
  await codeServer;
  if (!isCodeServerInstalled()) await installCodeServer((text) => process.stdout.write(text));
  return vitest('editor');
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No suite is called ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}.`);
  process.exit(2);
}

const chosen = suites.filter(({ name }) => asked.length === 0 || asked.includes(name));
const codeServer = beginCodeServer();
const total: Tally = { passed: 0, failed: 0, skipped: 0 };
const lines: string[] = [];
for (const suite of chosen) {
  const began = performance.now();
  console.log(`\n── ${suite.name}`);
  const obstacle = provide(suite.needs);
  const tally = obstacle === undefined ? await outcome(suite) : { passed: 0, failed: 0, skipped: 1 };
  if (ci) {
    tally.failed += tally.skipped;
    tally.skipped = 0;
  }
  total.passed += tally.passed;
  total.failed += tally.failed;
  total.skipped += tally.skipped;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const result =
    obstacle === undefined
      ? `${tally.passed} passed, ${tally.failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ''}, ${seconds} s`
      : `${ci ? 'failed' : 'skipped'}: ${obstacle}`;
  lines.push(`${suite.name.padEnd(9)} ${result}`);
}

console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
