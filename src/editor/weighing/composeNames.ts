import { type TextDocument, Uri, workspace } from 'vscode';
import { readComposeFile } from '../../core/compose/composeFile.ts';
import { baseName } from '../../core/program/fileSystem.ts';

/** Compose files that are looked at; a workspace seldom has more that name one Dockerfile. */
const mostFiles = 50;
const longestFile = 1_000_000;
const composeFiles = '**/{compose,docker-compose}{.yml,.yaml,.*.yml,.*.yaml}';

/** The names that Compose files of the workspace give to what a Dockerfile makes. */
export async function composeNames({ uri }: TextDocument): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const file of await workspace.findFiles(composeFiles, '**/node_modules/**', mostFiles)) {
    for (const service of readComposeFile(await textOf(file))) {
      if (service.kind !== 'build') continue;
      const dockerfile = Uri.joinPath(file, '..', service.context, service.dockerfile);
      if (dockerfile.toString() !== uri.toString()) continue;
      if (service.image !== undefined) names.add(withTag(service.image));
      // What Compose calls it where nobody does, by the file's folder.
      else names.add(`${projectName(Uri.joinPath(file, '..').path)}-${service.name ?? ''}:latest`);
    }
  }
  return [...names];
}

function withTag(image: string): string {
  return /:[^/]+$/.test(image) ? image : `${image}:latest`;
}

/** https://docs.docker.com/compose/how-tos/project-name/ */
function projectName(folder: string): string {
  const name = baseName(folder);
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

async function textOf(file: Uri): Promise<string> {
  try {
    const { size } = await workspace.fs.stat(file);
    return size > longestFile ? '' : new TextDecoder().decode(await workspace.fs.readFile(file));
  } catch {
    return ''; // Gone meanwhile, or not to be read: then it names nothing.
  }
}
