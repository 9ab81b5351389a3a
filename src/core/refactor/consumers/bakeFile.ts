import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { Consumer } from '../project.ts';
import { type HclValue, readHcl } from './hcl.ts';
import { list, record, texts } from './looseValues.ts';

/** A target of a bake file, as far as it is told without evaluating anything. */
export interface BakeTarget {
  readonly name: string;
  /** As a consumer names it. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  readonly inherits: readonly string[];
  /** Of its own fields those that stand there: an empty text for one that is worked out when it is used. */
  readonly context?: string;
  readonly dockerfile?: string;
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** The Dockerfile is a text of its own, which nobody can look at. */
  readonly isInline: boolean;
}

/** What builds a Dockerfile, and how it names the result. */
export interface BakeBuild {
  /** Relative to where bake runs; the Dockerfile to the context. */
  readonly context: string;
  readonly dockerfile: string;
  readonly tags: readonly string[];
  readonly consumer: Consumer;
}

/** The targets of `docker-bake.hcl` or `docker-bake.json`. https://docs.docker.com/build/bake/reference/ */
export function readBakeFile(file: string, text: string): readonly BakeTarget[] {
  return file.toLowerCase().endsWith('.json') ? readJson(file, text) : readHclTargets(file, text);
}

function readJson(file: string, text: string): readonly BakeTarget[] {
  // JSON is YAML, whose reader knows the lines.
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, strict: false, logLevel: 'silent' });
  const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
  const variables = record(record(value).variable);
  const defaults = new Map(Object.entries(variables).map(([name, fields]) => [name, record(fields).default]));
  const filled = (field: unknown): unknown => {
    if (Array.isArray(field)) return field.map(filled);
    if (typeof field !== 'string') return field;
    const found = field.replace(/\$\{\s*(\w+)\s*\}/g, (whole, name: string) => {
      const known = defaults.get(name);
      return typeof known === 'string' ? known : whole;
    });
    return found.includes('${') ? undefined : found;
  };
  return Object.entries(record(record(value).target)).map(([name, fields]) => {
    const node: unknown = document.getIn(['target', name], true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | null) : null;
    const line = isScalar(node) || !range ? 1 : counter.linePos(range[0]!).line;
    const known = Object.fromEntries(
      Object.entries(record(fields)).map(([key, field]) => [
        key,
        Array.isArray(field) || typeof field === 'string'
          ? (filled(field) ?? '')
          : Object.fromEntries(Object.entries(record(field)).map(([inner, each]) => [inner, filled(each)])),
      ]),
    );
    return targetOf(file, line, name, known);
  });
}

function readHclTargets(file: string, text: string): readonly BakeTarget[] {
  const defaults = new Map<string, HclValue>(
    readHcl(text, () => undefined)
      .filter(({ type }) => type === 'variable')
      .map(({ labels, attributes }) => [labels[0] ?? '', attributes.get('default')]),
  );
  const blocks = readHcl(text, (name) => {
    const known = defaults.get(name);
    return typeof known === 'string' ? known : undefined;
  });
  return blocks
    .filter(({ type, labels }) => type === 'target' && labels.length === 1)
    .map(({ labels, line, attributes }) =>
      targetOf(file, line, labels[0]!, Object.fromEntries([...attributes].map(([key, value]) => [key, value ?? '']))),
    );
}

function targetOf(file: string, line: number, name: string, fields: Readonly<Record<string, unknown>>): BakeTarget {
  const text = (key: string): Readonly<Record<string, string>> =>
    typeof fields[key] === 'string' ? { [key]: fields[key] } : {};
  const args = Object.entries(record(fields.args)).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  return {
    name,
    file,
    line,
    inherits: texts(fields.inherits) ?? [],
    ...text('context'),
    ...text('dockerfile'),
    ...text('target'),
    ...(fields.args === undefined ? {} : { args: Object.fromEntries(args) }),
    ...(fields.tags === undefined ? {} : { tags: list(fields.tags).filter((tag) => typeof tag === 'string') }),
    isInline: fields['dockerfile-inline'] !== undefined,
  };
}

/**
 * What targets build, fields of those that they inherit from and of those of the same name in other files taken in. One whose
 * context or Dockerfile is worked out when it is used is left out: nobody knows what it builds.
 *
 * @param targets of the files that are used together.
 */
export function bakeBuilds(targets: readonly BakeTarget[]): readonly BakeBuild[] {
  return targets.flatMap((target) => {
    const line = lineage(target, targets);
    const first = <K extends keyof BakeTarget>(key: K): BakeTarget[K] | undefined =>
      line.find((each) => each[key] !== undefined)?.[key];
    const context = first('context') ?? '.';
    const dockerfile = first('dockerfile') ?? 'Dockerfile';
    if (context === '' || dockerfile === '' || line.some(({ isInline }) => isInline)) return [];
    const stage = first('target');
    const args = Object.assign({}, ...line.toReversed().map((each) => each.args ?? {})) as Record<string, string>;
    return [
      {
        context,
        dockerfile,
        tags: first('tags') ?? [],
        consumer: {
          file: target.file,
          line: target.line,
          name: `bake target ${target.name}`,
          ...(stage === undefined || stage === '' ? {} : { target: stage }),
          ...(Object.keys(args).length === 0 ? {} : { buildArgs: args }),
          mounts: [],
        },
      },
    ];
  });
}

/** A target, then what it inherits from, later names first, then others of its name. */
function lineage(target: BakeTarget, targets: readonly BakeTarget[]): readonly BakeTarget[] {
  const found = new Set<BakeTarget>();
  const add = (each: BakeTarget): void => {
    if (found.has(each)) return;
    found.add(each);
    for (const name of each.inherits.toReversed())
      for (const parent of targets.filter((other) => other.name === name)) add(parent);
  };
  add(target);
  for (const other of targets.filter(({ name }) => name === target.name)) add(other);
  return [...found];
}
