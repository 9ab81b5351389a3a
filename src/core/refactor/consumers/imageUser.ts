import { familyOf, imageName } from '../../base/family.ts';
import { parseReference, type Reference, sameRepository } from '../../base/reference.ts';
import type { Consumer, PossibleConsumer } from '../project.ts';

/** Somebody who starts an image that was built elsewhere. */
export interface ImageUser {
  /** As it is written. */
  readonly image: string;
  /** What it is called in the end, where kustomizations rename it: one name for each place that it is put to use at. */
  readonly names?: readonly string[];
  readonly consumer: Consumer;
}

/** The names that builds of a project give to images. */
export interface ImageNames {
  /** Those of the image in question. */
  readonly ours: readonly string[];
  /** Those that images of other Dockerfiles are given. */
  readonly others: readonly string[];
}

/**
 * Who of them starts the image in question: for sure, where a build of this Dockerfile alone gives the name; perhaps, where
 * nobody says what the name is of and it is no product's that everybody knows. Tags are left out: they differ by version.
 */
export function imageConsumers(
  users: readonly ImageUser[],
  { ours, others }: ImageNames,
): { readonly consumers: readonly Consumer[]; readonly possible: readonly PossibleConsumer[] } {
  const mine = ours.flatMap(repositoryOf);
  const theirs = others.flatMap(repositoryOf);
  const consumers: Consumer[] = [];
  const possible: PossibleConsumer[] = [];
  const verdictOf = (image: string): 'sure' | 'possible' | 'no' => {
    const [repository] = repositoryOf(image);
    const isOurs = repository !== undefined && mine.some((each) => sameRepository(each, repository));
    const isAnothers = repository !== undefined && theirs.some((each) => sameRepository(each, repository));
    if (isOurs && !isAnothers) return 'sure';
    return (isOurs || !isAnothers) && !isProduct(repository) ? 'possible' : 'no';
  };
  for (const { image, names = [image], consumer } of users) {
    const unsure = names.find((name) => verdictOf(name) === 'possible');
    if (names.some((name) => verdictOf(name) === 'sure')) consumers.push(consumer);
    else if (unsure !== undefined && asksForMore(consumer)) {
      const { file, line, name } = consumer;
      possible.push({ file, line, what: `${name} ${doesMore(consumer, image, unsure)}` });
    }
  }
  return { consumers, possible };
}

/** An image's name without its tag, which may be a variable; none where the rest is one, too. */
function repositoryOf(name: string): readonly Reference[] {
  const parsed = parseReference(name.replace(/@.*$/, '').replace(/:[^/]*$/, ''));
  return 'problem' in parsed ? [] : [parsed.reference];
}

/** Images such as `postgres`, which nobody builds a second time under the same name. */
function isProduct(repository: Reference | undefined): boolean {
  return repository !== undefined && familyOf(imageName(repository)) !== undefined;
}

function asksForMore({ command, entrypoint, healthcheck, user, workingDir }: Consumer): boolean {
  return [command, entrypoint, healthcheck, user, workingDir].some((each) => each !== undefined);
}

function doesMore({ command, entrypoint, healthcheck, user }: Consumer, written: string, name: string): string {
  const image = written === name ? written : `${written} as ${name}`;
  if (healthcheck !== undefined) return `calls a program of ${image}`;
  const isOwn = [command, entrypoint, user].some((each) => each !== undefined);
  return `starts ${image} ${isOwn ? 'with a command or a user' : 'in a folder'} of its own`;
}
