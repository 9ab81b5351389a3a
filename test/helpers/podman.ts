import { join } from 'node:path';
import { startServer, type TestEngine } from './engine.ts';

/**
 * Starts Podman's service (Debian package `podman`), which speaks Docker's protocol, with storage of its own. The
 * helpers of `engine.ts` work with it.
 */
export function startPodman(): Promise<TestEngine> {
  return startServer('Podman', (folder, socket) => [
    'podman',
    ...['--root', join(folder, 'root'), '--runroot', join(folder, 'run')],
    ...['system', 'service', '--time=0', `unix://${socket}`],
  ]);
}
