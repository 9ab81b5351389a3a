import { type Alternative, alternatives } from '../base/alternatives.ts';
import { sameRepository } from '../base/reference.ts';
import { startsWith } from './cacheLeft.ts';
import type { Hit, Rule } from './rule.ts';
import type { Run } from './scene/run.ts';

interface JreHit extends Hit {
  readonly jre: Alternative;
}

/** Commands that only a JDK has, and builds that call them. */
const tools =
  /^(?:javac|jar|jarsigner|javadoc|javap|jlink|jpackage|jdeps|jdb|jmap|jstack|jcmd|jps|jstat|jshell|native-image|mvnw?|mvnd|gradlew?|sbt|ant|lein)$/;
/** The same in a start command, where `jar` is an option or the end of a name. */
const toolsInCommand =
  /\b(?:javac|jlink|jdb|jmap|jstack|jcmd|jps|jstat|jshell|mvnw?|mvnd|gradlew?|sbt|lein)\b(?!\.)|dt_socket|agentlib:jdwp/;

export const jreFits: Rule<JreHit> = {
  id: 'jre-fits',
  title: 'A JDK where a JRE does',
  why: 'A JDK carries the compiler, debuggers and the sources of all modules for those who build; a program that is built needs the runtime only, some 160 MB less. The image of the same vendor, version and distribution is offered for the last stage. Agents and scripts may need a tool of the JDK, so the fix asks. Nothing is reported where the stage compiles, or its command uses a tool of the JDK.',

  detect(scene) {
    const { base } = scene;
    if (!scene.ships || scene.stage.base.kind !== 'image' || base.kind !== 'image') return [];
    if (base.reference.digest !== undefined || scene.facts?.language?.name !== 'Java') return [];
    const jre = alternatives(base.reference, base.platform, scene.today, { written: base.text }).find(
      (other) =>
        other.sameDistribution &&
        sameRepository(other.reference, base.reference) &&
        /(?:^|-)jre(?:-|$)/.test(other.reference.tag ?? '') &&
        !/(?:^|-)jre(?:-|$)/.test(base.reference.tag ?? ''),
    );
    if (!jre || scene.someRunAfter(scene.stage.from, usesJdk) || startsWith(scene, toolsInCommand)) return [];
    const saves =
      jre.saving.onDisk === undefined ? undefined : { bytes: jre.saving.onDisk, basis: 'catalogue' as const };
    const message = `${jre.written} runs what is built, without the compiler and the other tools of a JDK.`;
    return [{ instruction: scene.stage.from, span: scene.stage.baseSpan, jre, message, saves }];
  },

  fix({ jre }, scene) {
    const { baseSpan, base } = scene.stage;
    const written = scene.dockerfile.text.slice(baseSpan.start, baseSpan.end);
    if (base.kind !== 'image' || written !== base.reference) return undefined;
    return { title: `Use ${jre.written}`, confidence: 'ask', edits: [{ ...baseSpan, newText: jre.written }] };
  },
};

function usesJdk({ programs }: Run): boolean {
  return programs.some(({ name }) => tools.test(name));
}
