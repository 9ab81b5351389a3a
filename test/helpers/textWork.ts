type Method = (this: unknown, ...args: unknown[]) => unknown;
type Cost = (self: string, args: readonly unknown[], result: unknown) => number;

const whole: Cost = (self) => self.length;
const costs: Readonly<Record<string, Cost>> = {
  charCodeAt: () => 1,
  startsWith: (_, [start]) => String(start).length,
  slice: (_self, _args, result) => String(result).length,
  includes: whole,
  indexOf: whole,
  replaceAll: whole,
  split: whole,
  toUpperCase: whole,
  trim: whole,
};

/**
 * How many characters a function's string and regular expression calls look at, about: a measure of its work that does not
 * depend on the machine. Indexing is not counted; what steps by index asks `charCodeAt` or `slice` too.
 */
export function countTextWork(run: () => void): number {
  let work = 0;
  const restore: (() => void)[] = [];
  const replace = (owner: object, name: string, replacement: (original: Method) => Method) => {
    const original = Reflect.get(owner, name) as Method;
    Reflect.set(owner, name, replacement(original));
    restore.push(() => Reflect.set(owner, name, original));
  };
  for (const [name, cost] of Object.entries(costs)) {
    replace(String.prototype, name, (original) => {
      return function (...args) {
        const result = original.apply(this, args);
        work += cost(this as string, args, result);
        return result;
      };
    });
  }
  replace(RegExp.prototype, 'exec', (original) => {
    return function (...args) {
      const expression = this as RegExp;
      const from = expression.global || expression.sticky ? expression.lastIndex : 0;
      const match = original.apply(this, args) as RegExpExecArray | null;
      const looked = match ? match.index + match[0].length - from : String(args[0]).length - from;
      work += expression.sticky && !match ? 1 : looked;
      return match;
    };
  });
  try {
    run();
  } finally {
    for (const undo of restore) undo();
  }
  return work;
}
