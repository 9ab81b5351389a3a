import type { Port } from '../../src/protocol/rpc.ts';

/** Two ports joined by a channel: what one posts, the other hears, copied as a real channel does, in order, and later. */
export interface Channel {
  readonly near: Port;
  readonly far: Port;
  /** Everything that was posted, as JSON, in order. */
  readonly sent: readonly { readonly by: 'near' | 'far'; readonly json: string }[];
  /** Posts from outside of any protocol. */
  inject(to: 'near' | 'far', message: unknown): void;
}

export function openChannel(): Channel {
  const sent: { by: 'near' | 'far'; json: string }[] = [];
  const listeners = { near: new Set<(message: unknown) => void>(), far: new Set<(message: unknown) => void>() };
  const deliver = (to: 'near' | 'far', message: unknown): void => {
    queueMicrotask(() => {
      for (const listener of [...listeners[to]]) listener(message);
    });
  };
  const port = (side: 'near' | 'far'): Port => ({
    post(message, transfer = []) {
      sent.push({ by: side, json: JSON.stringify(message) });
      deliver(side === 'near' ? 'far' : 'near', structuredClone(message, { transfer: [...transfer] }));
    },
    onMessage(listener) {
      listeners[side].add(listener);
      return { [Symbol.dispose]: () => void listeners[side].delete(listener) };
    },
  });
  return { near: port('near'), far: port('far'), sent, inject: deliver };
}
