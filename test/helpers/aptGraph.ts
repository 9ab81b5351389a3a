import type { AptFile } from '../../src/core/estimate/apt/aptFile.ts';
import { AptGraph } from '../../src/core/estimate/apt/aptGraph.ts';

/** A package of a made-up release: what it needs and wishes as apt's fields write it, `a, b | c`. */
export interface MadePackage {
  readonly kib?: number;
  readonly depends?: string;
  readonly recommends?: string;
  readonly provides?: string;
  readonly base?: true;
}

export function aptFileOf(packages: Readonly<Record<string, MadePackage>>): AptFile {
  const names = Object.keys(packages).sort();
  const entries = names.map((name) => packages[name]!);
  const lists = (field = ''): string[][] =>
    field
      .split(',')
      .filter(Boolean)
      .map((list) => list.split('|').map((name) => name.trim()));
  const provided = new Set(entries.flatMap(({ provides }) => lists(provides).flat()));
  const nodes = [...names, ...[...provided].filter((name) => !names.includes(name)).sort()];
  const alternatives: number[][] = [];
  const place = (list: readonly string[]): number => {
    const ids = list.map((name) => nodes.indexOf(name)).filter((node) => node >= 0);
    const known = alternatives.findIndex((other) => other.join() === ids.join());
    return known < 0 ? alternatives.push(ids) - 1 : known;
  };
  const depends = entries.map((entry) => lists(entry.depends).map(place));
  const recommends = entries.map((entry) => lists(entry.recommends).map(place));
  return {
    release: 'bookworm',
    asOf: '2026-11-20',
    listsBytes: 20_000_000,
    names: nodes,
    packageCount: names.length,
    installedBytes: entries.map(({ kib = 1 }) => kib * 1024),
    downloadBytes: entries.map(({ kib = 1 }) => kib * 300),
    depends,
    recommends,
    alternatives,
    providers: new Map(
      nodes.flatMap((node, at) => {
        const by = entries.flatMap(({ provides }, provider) =>
          lists(provides).flat().includes(node) ? [provider] : [],
        );
        return by.length === 0 ? [] : [[at, by]];
      }),
    ),
    asksQuestions: [],
    base: entries.flatMap(({ base }, at) => (base ? [at] : [])),
  };
}

export function aptGraphOf(packages: Readonly<Record<string, MadePackage>>): AptGraph {
  return new AptGraph(aptFileOf(packages));
}
