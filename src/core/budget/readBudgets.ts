import { parseBytes } from '../size.ts';
import { type Budget, diveLimitNames, type LimitName, limitNames, limits, type Limits } from './budget.ts';

/** What is in a `.plimsoll.json`, or what is wrong with it: a budget that is misread is worse than one refused. */
export type ReadBudgets = { readonly budgets: readonly Budget[] } | { readonly problem: string };

/** Thrown within this file only: the first mistake ends the reading. */
class Mistake extends Error {}

/** Reads a `.plimsoll.json`: `{ "budgets": [ { "dockerfile": "Dockerfile", "maxSize": "300 MB" } ] }`. */
export function readBudgets(text: string): ReadBudgets {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { problem: `It is no JSON: ${(error as Error).message}.` };
  }
  try {
    const file = objectAt(content, 'The file');
    expectKeys(file, ['$schema', 'budgets'], 'the file');
    if (!Array.isArray(file.budgets)) throw new Mistake('It has no list "budgets".');
    return { budgets: file.budgets.map((entry, index) => readEntry(entry, `budget ${index + 1}`)) };
  } catch (error) {
    if (error instanceof Mistake) return { problem: error.message };
    throw error;
  }
}

/** The keys of an entry, besides the limits. */
export const entryKeys = ['dockerfile', 'image', 'target', 'context', 'buildArgs', 'dive'] as const;
const ownLimits = limitNames.filter((name) => !(diveLimitNames as readonly LimitName[]).includes(name));

function readEntry(content: unknown, where: string): Budget {
  const entry = objectAt(content, where);
  expectKeys(entry, [...entryKeys, ...ownLimits], where);
  const [dockerfile, image] = [textAt(entry, 'dockerfile', where), textAt(entry, 'image', where)];
  if ((dockerfile === undefined) === (image === undefined)) {
    throw new Mistake(`${capital(where)} is for a "dockerfile" or for an "image": one of the two.`);
  }
  const dive = entry.dive === undefined ? {} : objectAt(entry.dive, `"dive" of ${where}`);
  expectKeys(dive, diveLimitNames, `"dive" of ${where}`);
  const found: Limits = { ...readLimits(entry, ownLimits, where), ...readLimits(dive, diveLimitNames, where) };
  if (Object.keys(found).length === 0) throw new Mistake(`${capital(where)} has no limit, "maxSize" for instance.`);
  const kind = dockerfile === undefined ? 'image' : 'dockerfile';
  for (const name of Object.keys(found) as LimitName[]) {
    if (!(limits[name].of as readonly string[]).includes(kind)) {
      throw new Mistake(
        `"${name}" of ${where} is known of ${kind === 'dockerfile' ? 'an image' : 'a Dockerfile'} only.`,
      );
    }
  }
  if (image !== undefined) {
    const foreign = ['target', 'context', 'buildArgs'].find((key) => entry[key] !== undefined);
    if (foreign !== undefined) throw new Mistake(`"${foreign}" of ${where} belongs to a Dockerfile, not to an image.`);
    return { kind: 'image', image, limits: found };
  }
  const [target, context] = [textAt(entry, 'target', where), textAt(entry, 'context', where)];
  const buildArgs = entry.buildArgs === undefined ? undefined : argumentsOf(entry.buildArgs, where);
  return {
    ...{ kind: 'dockerfile', dockerfile: dockerfile!, limits: found },
    ...(target === undefined ? {} : { target }),
    ...(context === undefined ? {} : { context }),
    ...(buildArgs === undefined ? {} : { buildArgs }),
  };
}

function readLimits(entry: Readonly<Record<string, unknown>>, names: readonly LimitName[], where: string): Limits {
  const found: Partial<Record<LimitName, number>> = {};
  for (const name of names) {
    const written = entry[name];
    if (written === undefined) continue;
    const value = limits[name].unit === 'bytes' ? bytesOf(written) : ratioOf(written);
    if (value === undefined) {
      const example = limits[name].unit === 'bytes' ? 'a size as "300 MB"' : 'a number from 0 to 1';
      throw new Mistake(`"${name}" of ${where} is ${JSON.stringify(written)}; it must be ${example}.`);
    }
    found[name] = value;
  }
  return found;
}

function bytesOf(written: unknown): number | undefined {
  if (typeof written === 'number') return Number.isSafeInteger(written) && written >= 0 ? written : undefined;
  return typeof written === 'string' ? parseBytes(written) : undefined;
}

function ratioOf(written: unknown): number | undefined {
  return typeof written === 'number' && written >= 0 && written <= 1 ? written : undefined;
}

function argumentsOf(content: unknown, where: string): Record<string, string> {
  const args = objectAt(content, `"buildArgs" of ${where}`);
  return Object.fromEntries(Object.keys(args).map((name) => [name, textAt(args, name, `"buildArgs" of ${where}`)!]));
}

function objectAt(content: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Mistake(`${capital(where)} is no JSON object.`);
  }
  return content as Readonly<Record<string, unknown>>;
}

function textAt(entry: Readonly<Record<string, unknown>>, key: string, where: string): string | undefined {
  const value = entry[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new Mistake(`"${key}" of ${where} is no text.`);
  return value;
}

function expectKeys(entry: Readonly<Record<string, unknown>>, known: readonly string[], where: string): void {
  const unknown = Object.keys(entry).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new Mistake(`"${unknown}" of ${where} is not known; there are ${known.map((key) => `"${key}"`).join(', ')}.`);
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
