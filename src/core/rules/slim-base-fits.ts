import { type Alternative, alternatives } from '../base/alternatives.ts';
import type { Hit, Rule } from './rule.ts';
import { sameRepository } from '../base/reference.ts';
import type { Scene } from './scene/scene.ts';

interface SlimHit extends Hit {
  readonly slim: Alternative;
}

export const slimBaseFits: Rule<SlimHit> = {
  id: 'slim-base-fits',
  title: 'A full base where a slim one does',
  why: 'The full images of languages (`python:3.13`, `node:24`) carry compilers, headers, version control and image libraries for those who build on them. The `-slim` image of the same version and the same distribution has the language and little else. It is offered for the last stage only; what installs packages that must be compiled may need the full image, so the fix asks unless the stage runs nothing. Nothing is reported where a later command uses what only the full image has.',

  detect(scene) {
    const { base } = scene;
    if (
      !scene.ships ||
      scene.stage.base.kind !== 'image' ||
      base.kind !== 'image' ||
      base.reference.digest !== undefined
    )
      return [];
    const slim = alternatives(base.reference, base.platform, scene.today, { written: base.text }).find(
      (other) =>
        other.purpose !== 'run-only' &&
        other.sameDistribution &&
        sameRepository(other.reference, base.reference) &&
        /(?:^|-)slim(?:-|$)/.test(other.reference.tag ?? ''),
    );
    if (!slim || usesFullImage(scene)) return [];
    const saves =
      slim.saving.onDisk === undefined ? undefined : { bytes: slim.saving.onDisk, basis: 'catalogue' as const };
    const message = `${slim.written} has the same version on the same distribution, without compilers and headers.`;
    return [{ instruction: scene.stage.from, span: scene.stage.baseSpan, slim, message, saves }];
  },

  fix({ slim }, scene) {
    const { baseSpan, base } = scene.stage;
    const written = scene.dockerfile.text.slice(baseSpan.start, baseSpan.end);
    if (base.kind !== 'image' || written !== base.reference) return undefined;
    const confidence = scene.someRunAfter(scene.stage.from, isAny) ? 'ask' : 'likely';
    return { title: `Use ${slim.written}`, confidence, edits: [{ ...baseSpan, newText: slim.written }] };
  },
};

function isAny(): boolean {
  return true;
}

/** Commands that the full images of Debian have and the slim ones do not. */
const full = new Set(
  'gcc g++ cc c++ make git hg svn curl wget unzip gpg dirmngr patch autoconf automake ssh ssh-keyscan magick convert identify file pkg-config pg_config mysql_config'.split(
    ' ',
  ),
);

function usesFullImage(scene: Scene): boolean {
  const runs = [scene, ...scene.above].flatMap(({ runs: own }) => own);
  const installs = runs.some(({ programs }) => programs.some(({ name }) => /^(?:apt|apt-get)$/.test(name)));
  // What the stage installs by itself it has on a slim base too.
  const text = runs.map(({ instruction: { span } }) => scene.dockerfile.text.slice(span.start, span.end)).join('\n');
  return runs.some(({ programs }) =>
    programs.some(
      ({ name }) =>
        full.has(name) && !(installs && new RegExp(`install[^&;]*\\b${name.replace(/\+/g, '\\+')}`).test(text)),
    ),
  );
}
