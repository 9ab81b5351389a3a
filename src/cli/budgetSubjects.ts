import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Budget, DockerfileBudget, ImageBudget } from '../core/budget/budget.ts';
import { isDockerfileName } from '../core/dockerfile/fileName.ts';
import { parseDockerignore } from '../core/dockerfile/ignore.ts';
import { imageKindAt } from '../sources/image/openImage.ts';
import type { BudgetFile } from './budgetFile.ts';
import { findDockerfiles } from './dockerfiles.ts';
import { UsageError } from './status.ts';

/** What one budget is held against. */
export type Subject =
  /** `file` is absolute. */
  | { readonly budget: DockerfileBudget; readonly file: string }
  /** `source` is what is opened, `name` what is printed. */
  | { readonly budget: ImageBudget; readonly source: string; readonly name: string };

/**
 * What is to be checked: all that the budgets name, or the paths and references that are given, with every budget that is
 * for them. Throws a `UsageError` where a budget is for nothing, or nothing is for what was given: a check that silently
 * looks at nothing would always pass.
 */
export async function subjectsOf(file: BudgetFile, given: readonly string[], cwd: string): Promise<Subject[]> {
  const found = await Promise.all(
    given.length > 0
      ? given.map((name) => subjectsGiven(file, name, cwd))
      : file.budgets.map((budget) => subjectsNamed(file, budget)),
  );
  const all = found.flat();
  if (all.length === 0) {
    throw new UsageError(
      `${file.name} names nothing to check: add a Dockerfile or an image, as in plimsoll check IMAGE.`,
    );
  }
  return all;
}

/** What a budget names by itself. An image with a wildcard waits until somebody names one. */
async function subjectsNamed({ name, folder }: BudgetFile, budget: Budget): Promise<Subject[]> {
  if (budget.kind === 'image') {
    if (budget.image.includes('*')) return [];
    return [{ budget, source: await sourceAt(folder, budget.image), name: budget.image }];
  }
  const plain = path.join(folder, budget.dockerfile);
  if (await isFile(plain)) return [{ budget, file: plain }];
  const isMeant = matcherOf(budget, name);
  const files = (await findDockerfiles(folder)).filter((file) => isMeant(relativeTo(folder, file)));
  if (files.length === 0)
    throw new UsageError(`No Dockerfile is ${budget.dockerfile}, for which ${name} has a budget.`);
  return files.map((file) => ({ budget, file }));
}

async function subjectsGiven(file: BudgetFile, given: string, cwd: string): Promise<Subject[]> {
  const full = path.resolve(cwd, given);
  const kind = await kindOf(full, file);
  const source = await sourceAt(cwd, given);
  const files = kind === 'folder' ? await findDockerfiles(full) : kind === 'dockerfile' ? [full] : [];
  const found =
    kind === 'image'
      ? file.budgets.flatMap((budget) =>
          budget.kind === 'image' && isImageMeant(budget.image, given) ? [{ budget, source, name: given }] : [],
        )
      : files.flatMap((each) => dockerfileSubjects(file, each));
  if (found.length === 0) throw new UsageError(`${file.name} has no budget for ${given}.`);
  return found;
}

function dockerfileSubjects({ name, folder, budgets }: BudgetFile, file: string): Subject[] {
  return budgets.flatMap((budget) =>
    budget.kind === 'dockerfile' && matcherOf(budget, name)(relativeTo(folder, file)) ? [{ budget, file }] : [],
  );
}

async function kindOf(full: string, file: BudgetFile): Promise<'folder' | 'dockerfile' | 'image'> {
  const found = await stat(full).catch(() => undefined); // What is not there may still be a reference.
  if (found === undefined) return 'image';
  if (found.isDirectory()) return (await imageKindAt(full)) === undefined ? 'folder' : 'image';
  return isDockerfileName(path.basename(full)) || dockerfileSubjects(file, full).length > 0 ? 'dockerfile' : 'image';
}

/** Patterns of Dockerfiles are those of `.dockerignore`: one language for paths, and its tests hold for both. */
function matcherOf({ dockerfile }: DockerfileBudget, configName: string): (file: string) => boolean {
  const pattern = parseDockerignore(dockerfile);
  const [problem] = pattern.problems;
  if (problem) throw new UsageError(`${configName} cannot be used. ${problem.message}`);
  return (file) => pattern.ignores(file, false);
}

function isImageMeant(pattern: string, name: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|\\[\]]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(name);
}

/** An archive or layout folder, seen from a folder, else a reference. */
async function sourceAt(folder: string, image: string): Promise<string> {
  const beside = path.resolve(folder, image);
  return (await imageKindAt(beside)) === undefined ? image : beside;
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() === true; // A pattern is no file.
}

function relativeTo(folder: string, file: string): string {
  return path.relative(folder, file).replaceAll('\\', '/');
}
