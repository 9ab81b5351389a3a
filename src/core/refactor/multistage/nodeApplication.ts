import { block } from './blocked.ts';
import type { Build, ImageBase, Plan } from './ecosystem.ts';
import { applicationCopies, searchedFolders } from './interpreted.ts';
import { leftOut } from './leaveOut.ts';
import { type ApplicationFolder, checkDependencies, hasNativeModules, packageFolder, prune } from './nodeModules.ts';
import { type NodePackage, readPackage } from './nodePackage.ts';
import { type NodeStart, readNodeStart, startPart } from './nodeStart.ts';
import { checkSlimmer, slimVariant } from './variants.ts';

/** An application with its package.json, which its engine runs where it was built. */
export interface NodeApplication {
  readonly folder: ApplicationFolder;
  readonly manifest: NodePackage;
  readonly start: NodeStart;
  /** The slim variant of the base. */
  readonly variant: ImageBase;
  /** The application with its production dependencies on that variant. */
  readonly plan: Plan;
}

/**
 * Reads the application of a stage and plans its run stage. Blocks where nothing would stay behind.
 *
 * @param engine as people write it: `Node.js`.
 * @param leavesMore whether the build leaves something behind even where it is slim and nothing is pruned.
 */
export function readApplication(build: Build, engine: string, leavesMore: boolean): NodeApplication {
  const { subject, steps } = build;
  const { line } = subject.stage.from;
  // A stage in which nothing is installed for the application has nothing to leave behind.
  if (!steps.some(({ kind }) => kind === 'fetch' || kind === 'compile'))
    block('no-benefit', 'Nothing is installed or built that could stay behind.', { line });
  const variant = slimVariant(subject, engine);
  const folder = packageFolder(build);
  const manifest = readPackage(subject, folder.contextPath);
  checkDependencies(build, folder, manifest);
  const start = readNodeStart(build, manifest);
  const copies = applicationCopies(build, new Set(['fetch', 'compile']));
  const pruning = prune(build, folder, manifest, start);
  checkSlimmer(subject, variant, pruning !== undefined || leavesMore);
  const isNative = hasNativeModules(subject, folder.contextPath);
  const computed = searchedFolders(copies);
  return {
    folder,
    manifest,
    start,
    variant,
    plan: {
      program: { kind: 'image', bases: [variant], ...(isNative ? { computed } : {}) },
      copies,
      buildFolders: copies.map(({ path }) => path),
      tail: [...(pruning === undefined ? [] : [pruning]), ...leftOut(subject, copies)],
      ...startPart(start),
    },
  };
}
