/**
 * `npm run corpus`: converts every entry of `test/fixtures/refactor`, builds those that can be built before and after,
 * starts both and compares (as root; Debian packages `docker.io`, `mmdebstrap`, `util-linux`). Prints a table per ecosystem and
 * writes it, with one per entry, as Markdown to `.cache/corpus.md`. Fails where a result is not as expected, or is broken.
 *
 * `npm run corpus -- c go/hello` takes only entries whose ids begin like that; `--no-build` builds none.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startCorpusEngine } from '../helpers/corpusEngine.ts';
import { prove, type Proof } from '../helpers/corpusProof.ts';
import { corpusTable, entryTable, type Result } from '../helpers/corpusTable.ts';
import {
  assumed,
  type ChangedEntry,
  convertEntry,
  corpusEntries,
  type CorpusEntry,
  expectedGist,
  gist,
  isChanged,
} from '../helpers/refactorCorpus.ts';
import { StandIns } from '../helpers/standIns/standIns.ts';

const args = process.argv.slice(2);
const builds = !args.includes('--no-build');
const prefixes = args.filter((arg) => !arg.startsWith('--'));
const entries = corpusEntries().filter(
  ({ id }) => prefixes.length === 0 || prefixes.some((prefix) => id.startsWith(prefix)),
);
let broken = 0;

function complain(id: string, what: string): void {
  broken++;
  console.error(`✗ ${id}: ${what}`);
}

/** What the conversion answers without being told more than the entry does. */
async function outcomeOf(entry: CorpusEntry): Promise<Result['outcome']> {
  const result = await convertEntry(entry, { answers: entry.expected.outcome === 'asked' ? {} : assumed(entry) });
  const found = gist(result);
  if (found !== expectedGist(entry)) {
    const why = result.kind === 'refusal' ? ` (${result.message})` : '';
    complain(entry.id, `${expectedGist(entry)} is expected, and it is ${found}${why}`);
  }
  return ({ proposal: 'converted', inquiry: 'asked', refusal: 'refused' } as const)[result.kind];
}

async function tryToProve(make: () => Promise<Proof>, id: string): Promise<Proof | undefined> {
  try {
    const proof = await make();
    for (const fault of proof.faults) complain(id, fault);
    if (proof.faults.length === 0) console.error(`✓ ${id} ${proof.seconds.toFixed(0)} s`);
    return proof;
  } catch (error) {
    complain(id, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

const results: Result[] = [];
for (const entry of entries) results.push({ entry, outcome: await outcomeOf(entry) });

const built = results.filter((one): one is Result & { readonly entry: ChangedEntry } => {
  const { entry, outcome } = one;
  return builds && outcome !== 'refused' && isChanged(entry) && entry.expected.build;
});
if (built.length > 0) {
  await using engine = await startCorpusEngine();
  const standIns = new StandIns(engine);
  for (const result of built) {
    const { entry } = result;
    const proof = await tryToProve(() => prove(engine, standIns, entry), entry.id);
    if (proof) results[results.indexOf(result)] = { ...result, proof };
    if (entry.expected.legacy) {
      await tryToProve(() => prove(engine, standIns, entry, { buildKit: false }), `${entry.id} without BuildKit`);
    }
  }
}

const [whole, single] = [corpusTable(results), entryTable(results)];
console.log(`\n${whole}\n${single}`);
const file = path.join(import.meta.dirname, '../../.cache/corpus.md');
mkdirSync(path.dirname(file), { recursive: true });
writeFileSync(file, `${whole}\n${single}`);
console.log(`${entries.length} entries, ${broken} faults; the tables are in ${path.relative(process.cwd(), file)}`);
process.exitCode = broken > 0 || entries.length === 0 ? 1 : 0;
