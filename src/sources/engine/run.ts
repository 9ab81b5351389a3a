import * as v from 'valibot';
import type { RunOutcome } from '../../core/prove/report.ts';
import { SourceError } from '../error.ts';
import type { EngineConnection } from './connection.ts';

/** What is started. */
export interface RunInput {
  readonly image: string;
  /** In the place of the image's entrypoint and command; absent: what the image says. */
  readonly command?: readonly string[];
  /** After so many seconds it is stopped. */
  readonly seconds: number;
}

export interface RunOptions {
  /** Hears the container's id before it starts, so that whoever cancels can remove it. */
  readonly created: (container: string) => void;
  readonly signal: AbortSignal;
}

/** As much of what a container writes as is kept. Bytes. */
const keptBytes = 16 * 1024;
/** Memory and processes of a container that is only to show that it starts: more than servers take, less than a machine has. */
const limits = { Memory: 2 ** 31, PidsLimit: 1024 };

const createdSchema = v.object({ Id: v.string() });
const waitSchema = v.object({ StatusCode: v.number() });

/**
 * Starts a container without network, waits until it ends or its time is over, and removes it. Throws a `SourceError`
 * where the engine fails, or the signal's reason; then too the container is removed.
 */
export async function runContainer(
  connection: EngineConnection,
  { image, command, seconds }: RunInput,
  { created, signal }: RunOptions,
): Promise<RunOutcome> {
  const body = {
    Image: image,
    ...(command === undefined ? {} : { Entrypoint: [command[0]!], Cmd: command.slice(1) }),
    HostConfig: { NetworkMode: 'none', Init: false, ...limits },
  };
  const id = await createContainer(connection, body);
  created(id);
  try {
    try {
      await connection.ask({ method: 'POST', route: `/containers/${id}/start` }, signal);
    } catch (error) {
      // 404 and 400: the start command is not there, or no program; the engine says so.
      if (!(error instanceof SourceError) || !['absent', 'invalid'].includes(error.code)) throw error;
      return { kind: 'not-started', message: startFailure(error.message) };
    }
    const exitCode = await ended(connection, id, seconds, signal);
    if (exitCode === undefined) await kill(connection, id, signal);
    const { output, isCut } = await logs(connection, id, signal);
    return {
      kind: exitCode === undefined ? 'stopped' : 'ended',
      ...(exitCode === undefined ? {} : { exitCode }),
      output,
      isCut,
    };
  } finally {
    await removeContainer(connection, id);
  }
}

/** Makes a container and does not start it. Cannot be cancelled: of a request that was cut off nobody knows what it made. */
export async function createContainer(connection: EngineConnection, body: object): Promise<string> {
  const request = { method: 'POST', route: '/containers/create', json: body } as const;
  const decoded = v.safeParse(createdSchema, await connection.ask(request, new AbortController().signal));
  if (!decoded.success) throw new SourceError('invalid', 'The engine did not say which container it made.');
  return decoded.output.Id;
}

/** Removes a container with its volumes, also one that runs, and although the signal of its work was aborted. */
export async function removeContainer(connection: EngineConnection, id: string): Promise<void> {
  const query = { force: '1', v: '1' };
  try {
    await connection.ask({ method: 'DELETE', route: `/containers/${id}`, query }, AbortSignal.timeout(30_000));
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== 'absent') throw error;
  }
}

/** The exit code, undefined where the time was over first. */
async function ended(
  connection: EngineConnection,
  id: string,
  seconds: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const timeout = AbortSignal.timeout(seconds * 1000);
  try {
    const both = AbortSignal.any([signal, timeout]);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await connection.stream({ method: 'POST', route: `/containers/${id}/wait` }, both)) {
      chunks.push(chunk);
    }
    return v.parse(waitSchema, JSON.parse(Buffer.concat(chunks).toString())).StatusCode;
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) return undefined;
    if (error instanceof SourceError) throw error;
    throw new SourceError('invalid', 'The engine did not say how the container ended.', { cause: error });
  }
}

/** It may have ended in between. */
async function kill(connection: EngineConnection, id: string, signal: AbortSignal): Promise<void> {
  try {
    await connection.ask({ method: 'POST', route: `/containers/${id}/kill` }, signal);
  } catch (error) {
    if (!(error instanceof SourceError) || !['absent', 'invalid'].includes(error.code)) throw error;
  }
}

/** Frames of eight bytes' header: stream, three zeros, length (https://docs.docker.com/reference/api/engine/#tag/Container/operation/ContainerAttach). */
async function logs(
  connection: EngineConnection,
  id: string,
  signal: AbortSignal,
): Promise<{ readonly output: string; readonly isCut: boolean }> {
  const query = { stdout: '1', stderr: '1' };
  const kept: Uint8Array[] = [];
  let length = 0;
  let isCut = false;
  const wanted = 2 * keptBytes;
  for await (const chunk of await connection.stream(
    { method: 'GET', route: `/containers/${id}/logs`, query },
    signal,
  )) {
    kept.push(chunk);
    length += chunk.length;
    if (length >= wanted) {
      isCut = true;
      break;
    }
  }
  const text = unframed(Buffer.concat(kept));
  return { output: new TextDecoder().decode(text.subarray(0, keptBytes)), isCut: isCut || text.length > keptBytes };
}

function unframed(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at + 4);
    parts.push(bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts);
}

/** What the engine says of a start that failed, without its own name and without the words of its runtime. */
function startFailure(message: string): string {
  const reason =
    /(?:starting container process caused: |OCI runtime (?:create )?(?:error|failed): |status \d+: )(?!.*starting container process caused: )(.*)$/s.exec(
      message,
    );
  return `The container did not start: ${(reason?.[1] ?? message).replace(/\.?$/, '.')}`;
}
