import { apkCacheLeft } from './apk-cache-left.ts';
import { aptArchivesLeft } from './apt-archives-left.ts';
import { aptListsLeft } from './apt-lists-left.ts';
import { aptRecommends } from './apt-recommends.ts';
import { aptUpdateApart } from './apt-update-apart.ts';
import { archiveKept } from './archive-kept.ts';
import { baseTreeRewritten } from './base-tree-rewritten.ts';
import { buildToolsLeft } from './build-tools-left.ts';
import { bunCacheLeft } from './bun-cache-left.ts';
import { cargoCacheLeft } from './cargo-cache-left.ts';
import { chmodAfterCopy } from './chmod-after-copy.ts';
import { chownAfterCopy } from './chown-after-copy.ts';
import { composerCacheLeft } from './composer-cache-left.ts';
import { condaCacheLeft } from './conda-cache-left.ts';
import { debugBuild } from './debug-build.ts';
import { devDependenciesLeft } from './dev-dependencies-left.ts';
import { dnfCacheLeft } from './dnf-cache-left.ts';
import { documentationKept } from './documentation-kept.ts';
import { endOfLifeBase } from './end-of-life-base.ts';
import { gemCacheLeft } from './gem-cache-left.ts';
import { gemDocumentation } from './gem-documentation.ts';
import { gitHistoryKept } from './git-history-kept.ts';
import { goCacheLeft } from './go-cache-left.ts';
import { gradleCachesLeft } from './gradle-caches-left.ts';
import { heavyContextCopied } from './heavy-context-copied.ts';
import { jreFits } from './jre-fits.ts';
import { librariesByWildcard } from './libraries-by-wildcard.ts';
import { mavenRepositoryLeft } from './maven-repository-left.ts';
import { npmCacheLeft } from './npm-cache-left.ts';
import { nugetCacheLeft } from './nuget-cache-left.ts';
import { packagesUpgraded } from './packages-upgraded.ts';
import { pacmanCacheLeft } from './pacman-cache-left.ts';
import { pipCacheLeft } from './pip-cache-left.ts';
import { pnpmStoreLeft } from './pnpm-store-left.ts';
import { poetryCacheLeft } from './poetry-cache-left.ts';
import { removedInLaterLayer } from './removed-in-later-layer.ts';
import type { Rule } from './rule.ts';
import { slimBaseFits } from './slim-base-fits.ts';
import { sourcesBeforeDependencies } from './sources-before-dependencies.ts';
import { sparseLastlog } from './sparse-lastlog.ts';
import { symbolsKept } from './symbols-kept.ts';
import { toolsLeft } from './tools-left.ts';
import { upxPacked } from './upx-packed.ts';
import { uvCacheLeft } from './uv-cache-left.ts';
import { weakDependencies } from './weak-dependencies.ts';
import { wheelsKept } from './wheels-kept.ts';
import { wholeCollectionInstalled } from './whole-collection-installed.ts';
import { wholeRootCopied } from './whole-root-copied.ts';
import { yarnCacheLeft } from './yarn-cache-left.ts';
import { zypperCacheLeft } from './zypper-cache-left.ts';

/** Every rule, in the order of the README. */
export const rules: readonly Rule[] = [
  ...[aptListsLeft, aptUpdateApart, aptArchivesLeft, aptRecommends, documentationKept],
  ...[apkCacheLeft, dnfCacheLeft, zypperCacheLeft, pacmanCacheLeft, weakDependencies],
  ...[
    pipCacheLeft,
    uvCacheLeft,
    poetryCacheLeft,
    condaCacheLeft,
    npmCacheLeft,
    yarnCacheLeft,
    pnpmStoreLeft,
    bunCacheLeft,
  ],
  ...[
    gemCacheLeft,
    gemDocumentation,
    composerCacheLeft,
    goCacheLeft,
    cargoCacheLeft,
    mavenRepositoryLeft,
    gradleCachesLeft,
    nugetCacheLeft,
  ],
  ...[removedInLaterLayer, chownAfterCopy, chmodAfterCopy, baseTreeRewritten, archiveKept, wheelsKept, gitHistoryKept],
  ...[
    buildToolsLeft,
    toolsLeft,
    wholeCollectionInstalled,
    devDependenciesLeft,
    slimBaseFits,
    jreFits,
    heavyContextCopied,
    wholeRootCopied,
    sparseLastlog,
  ],
  ...[debugBuild, symbolsKept, upxPacked, librariesByWildcard, packagesUpgraded],
  ...[endOfLifeBase, sourcesBeforeDependencies],
];

/** The rule of an id. */
export function ruleOf(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
