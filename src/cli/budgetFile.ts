import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Budget } from '../core/budget/budget.ts';
import { readBudgets } from '../core/budget/readBudgets.ts';
import { readDiveRules } from '../core/budget/readDiveRules.ts';
import { UsageError } from './status.ts';

export interface BudgetFile {
  /** Relative to where the command runs. */
  readonly name: string;
  /** Absolute: what the paths in the file are relative to. */
  readonly folder: string;
  readonly budgets: readonly Budget[];
}

const ownName = '.plimsoll.json';
const diveName = '.dive-ci';

/**
 * The budgets that count in a folder: those of the file that is named, else of the nearest `.plimsoll.json` or, beside
 * none, `.dive-ci`, here or in a folder above. Throws a `UsageError` where there is none or it cannot be read.
 */
export async function findBudgets(cwd: string, named: string | undefined): Promise<BudgetFile> {
  if (named !== undefined) {
    const file = path.resolve(cwd, named);
    return decode(file, path.relative(cwd, file), await textOf(file, named));
  }
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const name of [ownName, diveName]) {
      const file = path.join(folder, name);
      const relative = path.relative(cwd, file);
      const text = await textIfThere(file, relative);
      if (text !== undefined) return decode(file, relative, text);
    }
    if (folder === path.dirname(folder)) break;
  }
  throw new UsageError(
    `There is no ${ownName} and no ${diveName} here or in a folder above; --config names another file.`,
  );
}

function decode(file: string, name: string, text: string): BudgetFile {
  const folder = path.dirname(file);
  if (file.endsWith('.json')) {
    const read = readBudgets(text);
    if ('problem' in read) throw new UsageError(`${name} cannot be used. ${read.problem}`);
    return { name, folder, budgets: read.budgets };
  }
  const read = readDiveRules(text);
  if ('problem' in read) throw new UsageError(`${name} cannot be used. ${read.problem}`);
  return { name, folder, budgets: [{ kind: 'image', image: '*', limits: read.limits }] };
}

async function textIfThere(file: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw cannotRead(name, error);
  }
}

async function textOf(file: string, name: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw cannotRead(name, error);
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function cannotRead(name: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = isAbsent(error) ? 'there is no such file' : (code ?? message);
  return new UsageError(`${name} cannot be read: ${reason}.`, { cause: error });
}
