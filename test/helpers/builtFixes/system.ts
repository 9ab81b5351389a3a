import type { BuiltFix } from './builtFix.ts';

/** The length of `data.bin`, in bytes. */
export const big = 8_000_000;

/** What needs no more than Debian. */
export const systemFixes: readonly BuiltFix[] = [
  {
    rule: 'apt-lists-left',
    dockerfile:
      'FROM debian:12\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends jq\nCMD ["jq", "--version"]\n',
    prints: /^jq-/,
    atLeast: 15e6,
  },
  {
    rule: 'apt-update-apart',
    unpredicted: true,
    dockerfile:
      'FROM debian:12\nRUN apt-get update\n# the tool\nRUN apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*\nCMD ["jq", "--version"]\n',
    prints: /^jq-/,
    atLeast: 15e6,
  },
  {
    rule: 'apt-archives-left',
    dockerfile:
      'FROM debian:12\nRUN rm /etc/apt/apt.conf.d/docker-clean\nRUN set -e; \\\n    apt-get update; \\\n    apt-get install -y --no-install-recommends jq; \\\n    rm -rf /var/lib/apt/lists/*\nCMD ["jq", "--version"]\n',
    prints: /^jq-/,
    atLeast: 60e6,
  },
  {
    rule: 'apt-recommends',
    unpredicted: true,
    dockerfile:
      'FROM debian:12\nRUN apt-get update && apt-get install -y gpg && rm -rf /var/lib/apt/lists/*\nCMD ["gpg", "--version"]\n',
    prints: /^gpg \(GnuPG\)/,
    atLeast: 5e6,
  },
  {
    rule: 'removed-in-later-layer',
    // The file is gone from the image that is looked at.
    unpredicted: true,
    dockerfile:
      'FROM debian:12\nCOPY data.bin /data.bin\nRUN curl -s file:///data.bin -o /opt/copy.bin && sha256sum /opt/copy.bin > /sum\nRUN rm /opt/copy.bin\nCMD ["cat", "/sum"]\n',
    prints: /^[0-9a-f]{64} /,
    atLeast: big,
  },
  {
    rule: 'chown-after-copy',
    dockerfile:
      'FROM debian:12\nRUN useradd --system app\nWORKDIR /app\nCOPY data.bin start.sh /app/\nRUN chown -R app:app /app\nUSER app\nCMD ["sh", "-c", "touch new data.bin && stat -c %U . data.bin start.sh"]\n',
    prints: /^app\napp\napp\n$/,
    atLeast: big,
    weights: { COPY: big + 40 },
  },
  {
    rule: 'chmod-after-copy',
    dockerfile:
      'FROM debian:12\nCOPY start.sh /start.sh\nCOPY data.bin /data.bin\nRUN chmod 0755 /data.bin && true\nRUN chmod +x /start.sh\nCMD ["sh", "-c", "/start.sh && stat -c %a /data.bin /start.sh"]\n',
    prints: /^started\n755\n755\n$/,
    atLeast: big,
    buildKit: true,
  },
  {
    rule: 'archive-kept',
    dockerfile:
      'FROM debian:12\nCOPY data.tar /data.tar\nRUN cd /tmp && curl -s file:///data.tar -o d.tar && tar xf d.tar -C /opt && ls /opt\nCMD ["ls", "/opt"]\n',
    prints: /^data\.bin\n$/,
    atLeast: big,
  },
  {
    rule: 'sparse-lastlog',
    dockerfile: 'FROM debian:11\nRUN useradd -u 500000 app\nUSER app\nCMD ["id", "-u"]\n',
    prints: /^500000\n$/,
    atLeast: 162e6,
  },
  {
    rule: 'archive-kept',
    dockerfile: 'FROM debian:12\nCOPY data.tar /tmp/\nRUN tar xf /tmp/data.tar -C /opt\nCMD ["ls", "/opt"]\n',
    prints: /^data\.bin\n$/,
    atLeast: big,
    weights: { COPY: big + 2000 },
    buildKit: true,
  },
  {
    rule: 'documentation-kept',
    dockerfile:
      'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*\nCMD ["git", "--version"]\n',
    prints: /^git version /,
    atLeast: 3e6,
    packages: { documentation: 1 },
    unpredicted: true,
  },
  {
    rule: 'tools-left',
    dockerfile:
      'FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends nano jq && rm -rf /var/lib/apt/lists/*\nCMD ["jq", "--version"]\n',
    prints: /^jq-/,
    atLeast: 2e6,
    unpredicted: true,
  },
  {
    rule: 'slim-base-fits',
    unpredicted: true,
    dockerfile: 'FROM debian:12\nCOPY start.sh /start.sh\nCMD ["sh", "/start.sh"]\n',
    prints: /^started\n$/,
    atLeast: 3e6,
  },
];
