import type { TextDocument } from 'vscode';
import type { Dockerfile } from '../../core/dockerfile/model.ts';
import { parseDockerfile } from '../../core/dockerfile/parse.ts';
import type { Finding } from '../../core/finding.ts';
import { findFindings } from '../../core/rules/findings.ts';
import { fixAll, type FixedFile, isForAll } from '../../core/rules/fixAll.ts';
import { today } from '../alternatives.ts';
import { readFindingSettings, readSettings } from '../settings.ts';
import type { SizeSources } from '../sizeSources.ts';
import type { DocumentWeights, WeighedDocument } from './documentWeights.ts';
import type { WeighedText } from './weighDocument.ts';

/** The size smells of open Dockerfiles, found once for each version and state of what is known. */
export class DocumentFindings {
  readonly #weights: DocumentWeights;
  readonly #sources: Pick<SizeSources, 'platform'>;
  readonly #found = new WeakMap<WeighedDocument, readonly Finding[]>();

  constructor(weights: DocumentWeights, sources: Pick<SizeSources, 'platform'>) {
    this.#weights = weights;
    this.#sources = sources;
  }

  /** The most costly first. Costs no disk, process or network; what the rules would like to know is asked for. */
  of(document: TextDocument): readonly Finding[] {
    const weighed = this.#weights.of(document);
    if (weighed === undefined) return [];
    const known = this.#found.get(weighed);
    if (known !== undefined) return known;
    const findings = this.#find(document, weighed);
    this.#found.set(weighed, findings);
    this.#weights.ask(document);
    return findings;
  }

  /** The document without the size smells that can be mended without asking. */
  fixAll(document: TextDocument): FixedFile | undefined {
    const weighed = this.#weights.of(document);
    if (weighed === undefined) return undefined;
    const parse = readSettings(document.uri, this.#sources.platform);
    return fixAll(parseDockerfile(document.getText(), parse), {
      parse,
      find: (dockerfile: Dockerfile) => this.#find(document, this.#weights.weigh(document, dockerfile)),
      accepts: isForAll,
    });
  }

  #find(document: TextDocument, { dockerfile, evidence }: WeighedText): readonly Finding[] {
    const { platform } = readSettings(document.uri, this.#sources.platform);
    return findFindings(dockerfile, { platform, today: today(), evidence, ...readFindingSettings(document.uri) });
  }
}
