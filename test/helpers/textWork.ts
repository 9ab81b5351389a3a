/**
 * How many characters a function's string and regular expression calls look at, about: a measure of its work that does not
 * depend on the machine. Indexing is not counted; what steps by index asks `charCodeAt` or `slice` too.
 */
export function countTextWork(run: () => void): number {
  let work = 0;
  const restore: (() => void)[] = [];
  const count = <T extends object, K extends keyof T>(
    owner: T,
    name: K,
    cost: (self: { readonly length: number }, args: readonly unknown[], result: unknown) => number,
  ) => {
    const original = owner[name] as (...args: unknown[]) => unknown;
    owner[name] = function (this: { readonly length: number }, ...args: unknown[]) {
      const result = original.apply(this, args);
      work += cost(this, args, result);
      return result;
    } as T[K];
    restore.push(() => (owner[name] = original as T[K]));
  };
  const whole = (self: { readonly length: number }) => self.length;
  count(String.prototype, 'charCodeAt', () => 1);
  count(String.prototype, 'startsWith', (_, [start]) => String(start).length);
  count(String.prototype, 'slice', (_self, _args, result) => (result as string).length);
  for (const name of ['includes', 'indexOf', 'replaceAll', 'trim', 'toUpperCase', 'split'] as const) {
    count(String.prototype, name, whole);
  }
  const exec = RegExp.prototype.exec;
  RegExp.prototype.exec = function (text: string) {
    const from = this.global || this.sticky ? this.lastIndex : 0;
    const match = exec.call(this, text);
    work += match ? match.index + match[0].length - from : this.sticky ? 1 : text.length - from;
    return match;
  };
  restore.push(() => (RegExp.prototype.exec = exec));
  try {
    run();
  } finally {
    for (const undo of restore) undo();
  }
  return work;
}
