import { type Document, isCollection, LineCounter, parseAllDocuments } from 'yaml';
import type { Consumer, PossibleConsumer } from '../project.ts';
import type { ImageUser } from './imageUser.ts';
import { folder, list, record, texts } from './looseValues.ts';

/** What a manifest starts. */
export interface Manifest {
  readonly users: readonly ImageUser[];
  /** It is a template, such as those of Helm's charts: what it starts is known only when it is filled in. */
  readonly template?: PossibleConsumer;
}

/** Deeper than any kind of workload has its containers: a list of cron jobs in a template. */
const deepest = 12;

/**
 * The containers of Kubernetes workloads, of whatever kind, each with one more user of its image per probe and hook that runs
 * something in it. https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
 *
 * @param file as the consumers name it
 */
export function readManifest(file: string, text: string): Manifest {
  if (text.includes('{{')) return { users: [], ...templateOf(file, text) };
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: counter, merge: true, strict: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return { users: [] };
  return { users: documents.flatMap((document) => new ManifestReader(file, document, counter).read()) };
}

/** The first line of a template that says what runs in a container, be it a chart's of this image or of another. */
function templateOf(file: string, text: string): Pick<Manifest, 'template'> {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => /^\s*(?:-\s+)?(?:command|args|exec|runAsUser):/.test(line));
  const isManifest = /^kind:/m.test(text) && /^apiVersion:/m.test(text);
  if (at < 0 || !isManifest) return {};
  return {
    template: { file, line: at + 1, what: 'a template starts an image with a command, a check or a user of its own' },
  };
}

type Path = readonly (string | number)[];

class ManifestReader {
  readonly #file: string;
  readonly #document: Document;
  readonly #counter: LineCounter;
  readonly #users: ImageUser[] = [];

  constructor(file: string, document: Document, counter: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#counter = counter;
  }

  read(): readonly ImageUser[] {
    let value: unknown;
    try {
      value = this.#document.toJS();
    } catch {
      return []; // Aliases that lead nowhere, or that would grow without end.
    }
    const { apiVersion, kind } = record(value);
    if (typeof apiVersion === 'string' && typeof kind === 'string') this.#search(value, []);
    return this.#users;
  }

  #search(value: unknown, path: Path): void {
    if (path.length > deepest) return;
    if (Array.isArray(value)) {
      for (const [at, item] of value.entries()) this.#search(item, [...path, at]);
      return;
    }
    for (const [key, field] of Object.entries(record(value))) {
      if (key === 'containers' || key === 'initContainers') {
        for (const [at, container] of list(field).entries())
          this.#container(record(container), record(value), [...path, key, at]);
      } else this.#search(field, [...path, key]);
    }
  }

  #container(fields: Readonly<Record<string, unknown>>, pod: Readonly<Record<string, unknown>>, path: Path): void {
    const { image } = fields;
    if (typeof image !== 'string') return;
    const entrypoint = texts(fields.command);
    const command = texts(fields.args);
    const user = userOf(fields.securityContext) ?? userOf(pod.securityContext);
    const workingDir = folder(fields.workingDir);
    // Runtimes start probes and hooks in the folder of the container, too, whatever the reference of the field says.
    const place = workingDir === undefined ? {} : { workingDir };
    const name = `container ${typeof fields.name === 'string' ? fields.name : String(path.at(-1))}`;
    this.#add(image, {
      file: this.#file,
      line: this.#lineAt(path),
      name,
      ...(entrypoint === undefined ? {} : { entrypoint }),
      ...(command === undefined ? {} : { command }),
      ...(user === undefined ? {} : { user }),
      ...place,
      mounts: list(fields.volumeMounts).flatMap((mount) => {
        const { mountPath } = record(mount);
        return typeof mountPath === 'string' ? [mountPath] : [];
      }),
    });
    const lifecycle = record(fields.lifecycle);
    for (const [what, run, at] of [
      ['liveness probe', fields.livenessProbe, ['livenessProbe']],
      ['readiness probe', fields.readinessProbe, ['readinessProbe']],
      ['startup probe', fields.startupProbe, ['startupProbe']],
      ['hook after the start', lifecycle.postStart, ['lifecycle', 'postStart']],
      ['hook before the end', lifecycle.preStop, ['lifecycle', 'preStop']],
    ] as const) {
      const words = texts(record(record(run).exec).command);
      if (words === undefined) continue;
      this.#add(image, {
        file: this.#file,
        line: this.#lineAt([...path, ...at]),
        name: `the ${what} of ${name}`,
        healthcheck: words,
        isProbe: true,
        ...place,
        mounts: [],
      });
    }
  }

  #add(image: string, consumer: Consumer): void {
    this.#users.push({ image, consumer });
  }

  /** One-based; of the nearest thing around it where it comes from an alias. */
  #lineAt(path: Path): number {
    for (let length = path.length; length > 0; length--) {
      const node: unknown = this.#document.getIn(path.slice(0, length), true);
      if (isCollection(node) && node.range) return this.#counter.linePos(node.range[0]).line;
    }
    return 1;
  }
}

/** `runAsUser`, with the group if it is told. */
function userOf(securityContext: unknown): string | undefined {
  const { runAsUser, runAsGroup } = record(securityContext);
  if (typeof runAsUser !== 'number') return undefined;
  return typeof runAsGroup === 'number' ? `${runAsUser}:${runAsGroup}` : String(runAsUser);
}
