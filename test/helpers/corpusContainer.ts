import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { docker, dockerClient } from './dockerClient.ts';
import type { TestEngine } from './engine.ts';
import type { HttpCheck, RunCheck } from './refactorExpected.ts';

/** What a container did, as far as two of them can be compared. */
export interface Behavior {
  readonly exit: number;
  readonly stdout: string;
  /** For people, when something is not as it should be. */
  readonly stderr: string;
}

export interface ServerBehavior {
  readonly answers: readonly HttpAnswer[];
  /** The exit status of the image's health check, run once; absent where it has none. */
  readonly health?: number;
  readonly log: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

const run = promisify(execFile);

/** No entry runs longer, and no server takes longer to answer. */
const patience = 60_000;

/** Runs an image to its end, without a network. */
export async function runToEnd(engine: TestEngine, image: string, check: RunCheck): Promise<Behavior> {
  const options = ['--rm', '--interactive', '--network=none', ...variables(check)];
  const child = spawn(dockerClient, ['--host', engine.host, 'run', ...options, image, ...check.args], {
    timeout: patience,
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => (text[name] += chunk));
  }
  // A program that reads nothing closes its end; that is its right.
  child.stdin.on('error', () => undefined).end(check.stdin ?? '');
  const exit = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  return { exit, ...text };
}

/**
 * Starts an image and asks it what the check says, from inside the container's network namespace, which has nothing but its
 * loopback (Debian package `util-linux`; as root). Throws where it ends before it answers.
 */
export async function askServer(engine: TestEngine, image: string, check: RunCheck): Promise<ServerBehavior> {
  const id = (
    await docker(engine, ['run', '--detach', '--network=none', ...variables(check), image, ...check.args])
  ).trim();
  try {
    const inspected = async (format: string): Promise<string> =>
      (await docker(engine, ['inspect', '--format', format, id])).trim();
    const answers: HttpAnswer[] = [];
    const until = performance.now() + patience;
    for (const question of check.http) {
      for (;;) {
        const answer = await ask(await inspected('{{.State.Pid}}'), question);
        if (answer !== undefined) {
          answers.push(answer);
          break;
        }
        if ((await inspected('{{.State.Running}}')) !== 'true' || performance.now() > until) {
          throw new Error(`${image} does not answer at ${question.port}:\n${await logOf(engine, id)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
    const test = JSON.parse(await inspected('{{json .Config.Healthcheck}}')) as {
      readonly Test?: readonly string[];
    } | null;
    const health = test?.Test === undefined ? undefined : await healthOf(engine, id, test.Test);
    return { answers, log: await logOf(engine, id), ...(health === undefined ? {} : { health }) };
  } finally {
    await docker(engine, ['rm', '--force', '--volumes', id]);
  }
}

function variables({ env }: RunCheck): readonly string[] {
  return Object.entries(env).map(([name, value]) => `--env=${name}=${value}`);
}

/** One request from within a process's network; undefined where nobody listens yet. */
async function ask(pid: string, { port, path }: HttpCheck): Promise<HttpAnswer | undefined> {
  const program = `
    const response = await fetch(${JSON.stringify(`http://127.0.0.1:${port}${path}`)}, { redirect: 'manual' });
    process.stdout.write(JSON.stringify({ status: response.status, body: await response.text() }));`;
  const args = [`--net=/proc/${pid}/ns/net`, process.execPath, '--input-type=module', '--eval', program];
  try {
    const { stdout } = await run('nsenter', args, { timeout: patience });
    return JSON.parse(stdout) as HttpAnswer;
  } catch {
    return undefined; // Not yet: whoever asks looks whether the container still runs.
  }
}

async function healthOf(engine: TestEngine, id: string, test: readonly string[]): Promise<number> {
  const command = test[0] === 'CMD-SHELL' ? ['/bin/sh', '-c', test[1] ?? ''] : test.slice(1);
  if (test[0] === 'NONE') return 0;
  try {
    await docker(engine, ['exec', id, ...command]);
    return 0;
  } catch (error) {
    return (error as { code?: number }).code ?? -1;
  }
}

async function logOf(engine: TestEngine, id: string): Promise<string> {
  const { stdout, stderr } = await run(dockerClient, ['--host', engine.host, 'logs', id], { maxBuffer: 16 << 20 });
  return `${stdout}${stderr}`;
}
