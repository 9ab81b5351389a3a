import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../../protocol/rpc.ts';

/** A thread's channel, from either end. */
export function threadPort(channel: Worker | MessagePort): Port {
  return {
    post: (message, transfer = []) => channel.postMessage(message, [...transfer]),
    onMessage: (listener) => {
      channel.on('message', listener);
      return { [Symbol.dispose]: () => void channel.off('message', listener) };
    },
  };
}
