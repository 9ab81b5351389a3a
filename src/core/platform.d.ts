// The few globals of every JavaScript platform (Node, browser, worker) that core may use. They are declared here, and
// nowhere else, because core is compiled without Node's and without the DOM's types: what is not in this file is a door
// that stays shut.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}
