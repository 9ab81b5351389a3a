import * as v from 'valibot';
import type { Answers } from '../../src/core/refactor/refactoring.ts';

/** What `expected.json` says; the README of `test/fixtures/refactor` explains every field. */
export type Expected = RefusedEntry | ConvertedEntry | AskedEntry;

interface EntryBasics {
  readonly about: string;
  readonly covers: readonly string[];
}

export interface RefusedEntry extends EntryBasics {
  readonly outcome: 'refused';
  readonly code: string;
}

interface BuiltBasics extends EntryBasics {
  readonly assume: Answers;
  readonly runBase?: string | undefined;
  readonly offers: readonly string[];
  readonly build: boolean;
  /** Why it is not built. */
  readonly why?: string | undefined;
  readonly fast: boolean;
  readonly legacy: boolean;
  readonly run: RunCheck;
  readonly mostBytes?: number | undefined;
  /** A stage that somebody builds by its name. */
  readonly target?: string | undefined;
}

export interface ConvertedEntry extends BuiltBasics {
  readonly outcome: 'converted';
}

export interface AskedEntry extends BuiltBasics {
  readonly outcome: 'asked';
  readonly asks: readonly string[];
}

/** How both images are started, and what they must do. */
export interface RunCheck {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | undefined;
  readonly stdout?: string | undefined;
  readonly exit: number;
  /** Empty where it is no server. */
  readonly http: readonly HttpCheck[];
}

export interface HttpCheck {
  readonly port: number;
  readonly path: string;
  readonly contains: string;
  readonly status: number;
}

const text = v.pipe(v.string(), v.minLength(1));
const key = v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not kebab-case'));
const words = v.array(v.string());
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

const httpSchema = v.strictObject({
  port: v.pipe(count, v.maxValue(65_535)),
  path: v.pipe(v.string(), v.startsWith('/')),
  contains: text,
  status: v.optional(count, 200),
});

const runSchema = v.strictObject({
  args: v.optional(words, []),
  env: v.optional(v.record(v.string(), v.string()), {}),
  stdin: v.optional(v.string()),
  stdout: v.optional(v.string()),
  exit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)), 0),
  http: v.pipe(
    v.optional(v.union([httpSchema, v.array(httpSchema)]), () => []),
    v.transform((one) => (Array.isArray(one) ? one : [one])),
  ),
});

const basics = {
  about: text,
  covers: v.optional(
    v.array(v.pipe(v.string(), v.regex(/^(refuse \d+|ask [a-k]|[PQ]\d+)$/, 'is no rule of the README'))),
    [],
  ),
};

const built = {
  runBase: v.optional(text),
  offers: v.optional(v.array(key), []),
  build: v.boolean(),
  why: v.optional(text),
  fast: v.optional(v.boolean(), false),
  legacy: v.optional(v.boolean(), false),
  run: v.optional(runSchema, {}),
  mostBytes: v.optional(count),
  target: v.optional(text),
};

const answers = v.record(key, v.string());
const schema: v.GenericSchema<unknown, Expected> = v.variant('outcome', [
  v.strictObject({ ...basics, outcome: v.literal('refused'), code: key }),
  v.strictObject({ ...basics, ...built, outcome: v.literal('converted'), assume: v.optional(answers, {}) }),
  v.strictObject({
    ...basics,
    ...built,
    outcome: v.literal('asked'),
    asks: v.pipe(v.array(key), v.minLength(1)),
    assume: answers,
  }),
]);

/** Reads an `expected.json`. Throws with the path of the field that is not right. */
export function readExpected(json: string, id: string): Expected {
  const { success, issues, output } = v.safeParse(schema, JSON.parse(json));
  if (!success)
    throw new Error(`${id}/expected.json: ${[v.getDotPath(issues[0]), issues[0].message].join(' ').trim()}`);
  if (output.outcome !== 'refused' && output.build !== (output.why === undefined)) {
    throw new Error(`${id}/expected.json: an entry that is not built says why, and no other does`);
  }
  return output;
}
