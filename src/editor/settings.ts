import { type ConfigurationScope, workspace } from 'vscode';
import type { Platform } from '../core/base/baseSize.ts';
import { parseBytes } from '../core/size.ts';
import type { ParseOptions } from '../core/dockerfile/model.ts';

/** What the user chose for the sources, the same for all documents of a window. */
export interface SourceSettings {
  readonly offline: boolean;
  /** As `DOCKER_HOST`. */
  readonly engineHost?: string;
  /** A Docker context's name. */
  readonly engineContext?: string;
  /** Origins that are asked before Docker Hub. */
  readonly mirrors: readonly string[];
  /** `host` or `host:port` of registries that may be asked by plain http. */
  readonly insecureHosts: readonly string[];
  /** How long a registry's answer about a tag is believed. Milliseconds. */
  readonly tagLifetime: number;
}

/** Features that a setting turns off. */
export type Feature = 'codeLens' | 'hover' | 'statusBar' | 'inlayHints' | 'findings' | 'gutter';

const hour = 3_600_000;

/** How the Dockerfiles of a scope are built: with which build arguments, and for which platform. */
export function readSettings(
  scope: ConfigurationScope | undefined,
  defaultPlatform: Platform,
): Required<Pick<ParseOptions, 'buildArgs' | 'platform'>> {
  const platform = text('platform', scope);
  return {
    platform: /^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(platform) ? platform : defaultPlatform,
    buildArgs: strings(value('buildArguments', scope)),
  };
}

export function readSourceSettings(): SourceSettings {
  const engineHost = text('engine.host');
  const engineContext = text('engine.context');
  const lifetime = value('cache.tagLifetime');
  return {
    offline: value('offline') === true,
    ...(engineHost ? { engineHost } : {}),
    ...(engineContext ? { engineContext } : {}),
    mirrors: list('registry.mirrors'),
    insecureHosts: list('registry.insecureHosts'),
    tagLifetime: (typeof lifetime === 'number' && lifetime >= 0 ? lifetime : 24) * hour,
  };
}

/** The folder that is sent to the builder, relative to the workspace folder; empty for the Dockerfile's own. */
export function readBuildContext(scope: ConfigurationScope): string {
  return text('buildContext', scope);
}

/** Bytes from which on a hint is shown. */
export function readHintThreshold(scope: ConfigurationScope): number {
  return parseBytes(text('inlayHints.threshold', scope)) ?? 10_000;
}

export interface FindingSettings {
  /** Ids of rules that are switched off. */
  readonly off: ReadonlySet<string>;
  /** Findings that save fewer bytes stay silent; absent for the rules' own limit. */
  readonly silentBelow?: number;
}

export function readFindingSettings(scope: ConfigurationScope): FindingSettings {
  const silentBelow = parseBytes(text('findings.threshold', scope));
  return {
    off: new Set(list('findings.off', scope)),
    ...(silentBelow === undefined ? {} : { silentBelow }),
  };
}

export function isEnabled(feature: Feature): boolean {
  return value(`${feature}.enabled`) !== false;
}

/** A setting as it stands in a file that people write by hand: of any type. */
function value(name: string, scope?: ConfigurationScope): unknown {
  return workspace.getConfiguration('plimsoll', scope).get(name);
}

function text(name: string, scope?: ConfigurationScope): string {
  const found = value(name, scope);
  return typeof found === 'string' ? found.trim() : '';
}

function list(name: string, scope?: ConfigurationScope): string[] {
  const found = value(name, scope);
  return Array.isArray(found)
    ? found.filter((entry): entry is string => typeof entry === 'string' && entry !== '')
    : [];
}

/** Numbers and booleans count as the text that they are written as: `"GO_MINOR": 26` means 26. */
function strings(found: unknown): Record<string, string> {
  if (typeof found !== 'object' || found === null) return {};
  const entries: [string, string][] = [];
  for (const [name, entry] of Object.entries(found)) {
    if (['string', 'number', 'boolean'].includes(typeof entry)) entries.push([name, String(entry)]);
  }
  return Object.fromEntries(entries);
}
