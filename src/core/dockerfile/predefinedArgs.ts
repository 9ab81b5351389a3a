import type { ParseOptions } from './model.ts';

/** Build arguments that need no `ARG` to reach a `RUN`. https://docs.docker.com/reference/dockerfile/#predefined-args */
export const proxyArgs: readonly string[] = ['HTTP', 'HTTPS', 'FTP', 'NO', 'ALL'].flatMap((kind) => [
  `${kind}_PROXY`,
  `${kind.toLowerCase()}_proxy`,
]);

/**
 * The arguments that BuildKit declares itself, in the global scope.
 * https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
export function platformArgs(options: ParseOptions): Readonly<Record<string, string>> {
  const target = options.platform ?? 'linux/amd64';
  return {
    ...platformParts('TARGET', target),
    ...platformParts('BUILD', options.buildPlatform ?? target),
    TARGETSTAGE: options.target ?? 'default',
  };
}

function platformParts(prefix: string, platform: string): Record<string, string> {
  const [os = '', arch = '', variant = ''] = platform.split('/');
  return {
    [`${prefix}PLATFORM`]: platform,
    [`${prefix}OS`]: os,
    [`${prefix}ARCH`]: arch,
    [`${prefix}VARIANT`]: variant,
  };
}
