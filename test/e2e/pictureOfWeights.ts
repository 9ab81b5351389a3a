import path from 'node:path';
import { writeSparseFile } from '../helpers/sparseFile.ts';
import type { EditorPage } from './editorPage.ts';
import type { Workspace } from './workspace.ts';

/** The project whose instructions are weighed in the README's picture. */
export const tables = 'tables/Dockerfile';

const dockerfile = `FROM node:24-bookworm-slim
RUN apt-get update && apt-get install -y build-essential git
WORKDIR /app
COPY package*.json ./
RUN npm ci
COPY . .
RUN npm run build
RUN chown -R node:node /app
CMD ["node", "dist/server.js"]
`;

const files: Readonly<Record<string, number>> = {
  '.git/objects/pack/pack-7c1e.pack': 48_200_000,
  'src/tables.json': 6_300_000,
  'src/server.js': 41_000,
  'public/chart.png': 2_700_000,
  'node_modules/typescript/lib/typescript.js': 23_900_000,
  'node_modules/sharp/lib/sharp.node': 17_400_000,
  'node_modules/fastify/fastify.js': 1_900_000,
};

export async function writeTables(workspace: Workspace): Promise<void> {
  await workspace.write(tables, dockerfile);
  await workspace.write('tables/package.json', '{ "name": "tables" }\n');
  const locked = Object.fromEntries(['typescript', 'sharp', 'fastify'].map((name) => [`node_modules/${name}`, {}]));
  await workspace.write('tables/package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: locked }));
  for (const [name, bytes] of Object.entries(files)) {
    await writeSparseFile(path.join(workspace.folder, 'tables', name), bytes);
  }
}

/** Hints, lenses, bars and the list of problems, once everything has been weighed. */
export async function showWeights(editor: EditorPage): Promise<void> {
  const { page } = editor;
  await page.locator('.squiggly-warning').first().waitFor();
  await page
    .getByText(/^≥\s43\.2\sMB$/)
    .first()
    .waitFor();
  await editor.command('View: Close Primary Side Bar');
  await page.keyboard.press('Control+Shift+M');
  await page.locator('.markers-panel .monaco-list-row').nth(3).waitFor();
  await page.keyboard.press('Control+1');
}
