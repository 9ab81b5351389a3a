import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { Agent } from 'node:http';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { Endpoint } from './endpoint.ts';

type SshEndpoint = Extract<Endpoint, { transport: 'ssh' }>;
type Ssh = ChildProcessByStdio<Writable, Readable, Readable>;

/** The `ssh` command that joins its input and output to the engine of another machine. */
export function sshArguments(endpoint: SshEndpoint): string[] {
  return [
    // Never ask for a password or a host key: nobody sees the question.
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-T'],
    ...(endpoint.user === undefined ? [] : ['-l', endpoint.user]),
    ...(endpoint.port === undefined ? [] : ['-p', String(endpoint.port)]),
    ...['--', endpoint.host, 'docker', 'system', 'dial-stdio'],
  ];
}

/**
 * Connects through the `ssh` program, as Docker's own command line does, so that the user's keys, agent, jump hosts and
 * known hosts count. (docker-modem's own way, the ssh2 package, reads none of them and accepts any host key.)
 * Each request is a connection of its own; whoever wants them to share one tells ssh so (`ControlMaster`).
 */
export class SshAgent extends Agent {
  readonly #endpoint: SshEndpoint;
  readonly #env: NodeJS.ProcessEnv;
  readonly #connections = new Set<SshConnection>();

  constructor(endpoint: SshEndpoint, env: NodeJS.ProcessEnv) {
    // Servers drop connections when more than ten of them log in at once (`MaxStartups`).
    super({ keepAlive: false, maxSockets: 4 });
    this.#endpoint = endpoint;
    this.#env = env;
  }

  override createConnection(): Duplex {
    const connection = new SshConnection(this.#endpoint, this.#env);
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    return connection;
  }

  override destroy(): void {
    super.destroy();
    for (const connection of this.#connections) connection.destroy();
  }
}

/** A child process as a connection. It ends, or fails with what ssh complained about, when the process is over. */
class SshConnection extends Duplex {
  readonly #ssh: Ssh;

  constructor(endpoint: SshEndpoint, env: NodeJS.ProcessEnv) {
    super();
    const ssh = spawn('ssh', sshArguments(endpoint), { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#ssh = ssh;
    let complaint = '';
    ssh.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-1000)));
    ssh.stdout.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) ssh.stdout.pause();
    });
    // A closed pipe means that the process is over, and its end says why.
    ssh.stdin.on('error', () => undefined);
    ssh.once('error', (error) => this.destroy(error));
    ssh.once('close', (code) => {
      const reason = complaint.trim().split('\n').at(-1)!;
      if (code) this.destroy(new Error(`ssh: ${reason === '' ? `exit code ${code}` : reason}`));
      else this.push(null);
    });
  }

  override _read(): void {
    this.#ssh.stdout.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#ssh.stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    this.#ssh.stdin.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ssh.kill();
    done(error);
  }
}
