import { apkCache } from './apk-cache.ts';
import { aptCache } from './apt-cache.ts';
import { aptLists } from './apt-lists.ts';
import { buildTools } from './build-tools.ts';
import { bunCache } from './bun-cache.ts';
import { cargoCache } from './cargo-cache.ts';
import { composerCache } from './composer-cache.ts';
import { condaPkgs } from './conda-pkgs.ts';
import { coreDumps } from './core-dumps.ts';
import type { Detector } from './detector.ts';
import { dnfCache } from './dnf-cache.ts';
import { documentation } from './documentation.ts';
import { duplicateFiles } from './duplicate-files.ts';
import { editorFiles } from './editor-files.ts';
import { gemCache } from './gem-cache.ts';
import { goCache } from './go-cache.ts';
import { gradleCaches } from './gradle-caches.ts';
import { headers } from './headers.ts';
import { locales } from './locales.ts';
import { logs } from './logs.ts';
import { manPages } from './man-pages.ts';
import { mavenRepository } from './maven-repository.ts';
import { npmCache } from './npm-cache.ts';
import { nugetCache } from './nuget-cache.ts';
import { pacmanCache } from './pacman-cache.ts';
import { pipCache } from './pip-cache.ts';
import { pnpmStore } from './pnpm-store.ts';
import { pythonBytecode } from './python-bytecode.ts';
import { pythonTests } from './python-tests.ts';
import { secretFiles } from './secret-files.ts';
import { staticLibraries } from './static-libraries.ts';
import { temporaryFiles } from './temporary-files.ts';
import { versionControl } from './version-control.ts';
import { yarnCache } from './yarn-cache.ts';
import { zypperCache } from './zypper-cache.ts';

/**
 * Every detector, in the order in which they claim: what is found first is not found again. So the particular comes before
 * the general: a key in /tmp is a secret, a package in /var/log a package.
 */
export const detectors: readonly Detector[] = [
  secretFiles,
  ...[aptLists, aptCache, apkCache, dnfCache, zypperCache, pacmanCache],
  ...[
    pipCache,
    npmCache,
    yarnCache,
    pnpmStore,
    bunCache,
    goCache,
    cargoCache,
    mavenRepository,
    gradleCaches,
    nugetCache,
  ],
  ...[composerCache, gemCache, condaPkgs],
  ...[versionControl, editorFiles, coreDumps, logs, temporaryFiles],
  ...[manPages, documentation, locales, pythonBytecode, pythonTests],
  ...[buildTools, headers, staticLibraries],
  duplicateFiles,
];
