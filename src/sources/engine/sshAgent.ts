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
 * Each request is a connection of its own: engines close them after a stream anyway, and ssh can share one itself.
 */
export class SshAgent extends Agent {
  readonly #endpoint: SshEndpoint;
  readonly #env: NodeJS.ProcessEnv;
  readonly #running = new Set<Ssh>();

  constructor(endpoint: SshEndpoint, env: NodeJS.ProcessEnv) {
    // Servers drop connections when more than ten of them log in at once (`MaxStartups`).
    super({ keepAlive: false, maxSockets: 4 });
    this.#endpoint = endpoint;
    this.#env = env;
  }

  override createConnection(): Duplex {
    const ssh = spawn('ssh', sshArguments(this.#endpoint), { env: this.#env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#running.add(ssh);
    const connection = Duplex.from({ writable: ssh.stdin, readable: ssh.stdout });
    let complaint = '';
    ssh.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-1000)));
    ssh.once('error', (error) => connection.destroy(error));
    ssh.once('close', (code) => {
      this.#running.delete(ssh);
      const last = complaint.trim().split('\n').at(-1)!;
      if (code) connection.destroy(new Error(`ssh: ${last === '' ? `exit code ${code}` : last}`));
    });
    connection.once('close', () => ssh.kill());
    return connection;
  }

  override destroy(): void {
    super.destroy();
    for (const ssh of this.#running) ssh.kill();
  }
}
