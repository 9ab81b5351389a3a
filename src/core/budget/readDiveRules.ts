import { isMap, isScalar, parseDocument } from 'yaml';
import { parseBytes } from '../size.ts';
import { diveLimitNames, type Limits } from './budget.ts';

/** The rules of a `.dive-ci`, or what is wrong with it. */
export type ReadDiveRules = { readonly limits: Limits } | { readonly problem: string };

/** What dive 0.13 takes where its file does not say: `highestWastedBytes` is off. */
const byDefault: Limits = { lowestEfficiency: 0.9, highestUserWastedPercent: 0.1 };
const off = new Set(['', 'disabled', 'off', 'false']);

/**
 * Reads a `.dive-ci` as dive does: `rules:` with the names of its rules, other entries ignored; a rule is switched off by
 * `disabled`, `off`, `false` or nothing.
 */
export function readDiveRules(text: string): ReadDiveRules {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) return { problem: `It is no YAML: ${error.message.split('\n', 1)[0]!}.` };
  const rules = isMap(document.contents) ? document.contents.get('rules', true) : undefined;
  const limits: Partial<Record<(typeof diveLimitNames)[number], number>> = { ...byDefault };
  for (const { key, value } of isMap(rules) ? rules.items : []) {
    const name = diveLimitNames.find((known) => isScalar(key) && key.value === known);
    if (name === undefined) continue;
    // As written: `0.90`, `20MB`; what YAML makes of it is of no interest.
    const written = isScalar(value) && value.value !== null ? (value.source ?? '').trim() : '';
    if (off.has(written.toLowerCase())) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- one of three names
      delete limits[name];
      continue;
    }
    const limit = name === 'highestWastedBytes' ? parseBytes(written) : ratioOf(written);
    if (limit === undefined)
      return { problem: `Its rule ${name} is ${JSON.stringify(written)}, which dive refuses too.` };
    limits[name] = limit;
  }
  return { limits };
}

function ratioOf(text: string): number | undefined {
  const value = text === '' ? NaN : Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}
