import { beforeAll, describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../../src/core/dockerfile/parse.ts';
import type { TestEngine } from '../../helpers/engine.ts';
import { suiteEngine } from '../../helpers/suiteEngine.ts';
import { StandIns } from '../../helpers/standIns/standIns.ts';
import { proveSwap, type Swap } from '../../helpers/swapProof.ts';

function text(...lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}

const nodeFiles = {
  'package.json': '{ "name": "tides", "version": "1.0.0", "dependencies": { "ms": "2.1.3" } }\n',
  'package-lock.json': JSON.stringify({
    name: 'tides',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'tides', version: '1.0.0', dependencies: { ms: '2.1.3' } },
      'node_modules/ms': {
        version: '2.1.3',
        integrity: 'sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==',
      },
    },
  }),
  'server.js': 'const ms = require("ms");\nconsole.log(ms(44700000, { long: true }), process.getuid());\n',
};

const tideInGo = `package main

import (
	"os"
	"time"
)

func main() {
	zone, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString(zone.String() + " " + os.Args[1] + "\\n")
}
`;

const swaps: readonly Swap[] = [
  {
    of: 'python-with-packages',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM python:3.13',
      'WORKDIR /app',
      'COPY requirements.txt .',
      'RUN pip install --no-cache-dir -r requirements.txt',
      'COPY app.py .',
      'EXPOSE 8000',
      'CMD ["python", "app.py"]',
    ),
    files: {
      'requirements.txt': 'tabulate==0.9.0\n',
      'app.py':
        'import ssl, sqlite3, zoneinfo\nfrom tabulate import tabulate\nprint(tabulate([["high", 4.2]]), zoneinfo.ZoneInfo("Europe/Berlin"), len(ssl.create_default_context().get_ca_certs()) > 50)\n',
    },
    prints: '----  ---\nhigh  4.2\n----  --- Europe/Berlin True\n',
    base: 'python:3.13-slim',
  },
  {
    of: 'python-alone',
    kind: 'minimal-base',
    dockerfile: text('FROM python:3.13', 'WORKDIR /app', 'COPY app.py .', 'CMD ["python", "-u", "app.py", "low"]'),
    files: {
      'app.py':
        'import json, sqlite3, ssl, sys, decimal, ctypes, zoneinfo\nprint(json.dumps(sys.argv), sys.stdout.encoding, zoneinfo.ZoneInfo("Asia/Tokyo"), len(ssl.create_default_context().get_ca_certs()) > 50)\n',
    },
    prints: '["app.py", "low"] utf-8 Asia/Tokyo True\n',
    base: 'gcr.io/distroless/python3-debian13',
  },
  {
    of: 'node-with-modules',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM node:24',
      'WORKDIR /app',
      'COPY package*.json ./',
      'RUN npm ci --omit=dev',
      'COPY . .',
      'USER node',
      'CMD ["node", "server.js"]',
    ),
    files: nodeFiles,
    prints: '12 hours 1000\n',
    base: 'node:24-slim',
  },
  {
    of: 'node-alone',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM node:24',
      'ENV PORT=8080',
      'WORKDIR /app',
      'COPY server.js .',
      'USER node',
      'CMD ["node", "server.js"]',
    ),
    files: {
      'server.js':
        'console.log(process.env.PORT, process.getuid(), process.getgid(), process.cwd(), new Date(0).toLocaleString("en-GB", { timeZone: "Asia/Tokyo" }));\n',
    },
    prints: '8080 1000 1000 /app 01/01/1970, 09:00:00\n',
    base: 'gcr.io/distroless/nodejs24-debian13:nonroot',
  },
  {
    of: 'ruby',
    kind: 'minimal-base',
    dockerfile: text('FROM ruby:3.4', 'WORKDIR /app', 'COPY app.rb .', 'CMD ["ruby", "app.rb"]'),
    files: { 'app.rb': 'require "json"\nrequire "openssl"\nrequire "yaml"\nputs JSON.dump(YAML.load("high: 4.2"))\n' },
    prints: '{"high":4.2}\n',
    base: 'ruby:3.4-slim',
  },
  {
    of: 'perl',
    kind: 'minimal-base',
    dockerfile: text('FROM perl:5', 'COPY app.pl .', 'CMD ["perl", "app.pl"]'),
    files: {
      'app.pl': 'use strict; use POSIX; use Cwd; use List::Util qw(sum); print sum(1, 2), " ", getcwd(), "\\n";\n',
    },
    prints: '3 /usr/src/app\n',
    base: 'perl:5-slim',
  },
  {
    of: 'java-to-jre',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM eclipse-temurin:21-jdk AS build',
      'WORKDIR /src',
      'COPY App.java .',
      'RUN javac App.java',
      'FROM eclipse-temurin:21-jdk',
      'WORKDIR /app',
      'COPY --from=build /src/App.class .',
      'CMD ["java", "-cp", ".", "App"]',
    ),
    files: {
      'App.java':
        'public class App { public static void main(String[] a) { System.out.println("tide " + java.util.Locale.getDefault() + " \\u00e9"); } }\n',
    },
    answers: { 'keep-shell': 'yes' },
    prints: 'tide en_US é\n',
    base: 'eclipse-temurin:21-jre',
  },
  {
    of: 'java-without-shell',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM eclipse-temurin:21-jdk AS build',
      'WORKDIR /src',
      'COPY App.java .',
      'RUN javac App.java',
      'FROM eclipse-temurin:21-jdk',
      'WORKDIR /app',
      'COPY --from=build /src/App.class .',
      'CMD ["java", "-cp", ".", "App"]',
    ),
    files: {
      'App.java':
        'public class App { public static void main(String[] a) { System.out.println("tide " + java.util.TimeZone.getTimeZone("Asia/Tokyo").getRawOffset() + " \\u00e9"); } }\n',
    },
    prints: 'tide 32400000 é\n',
    base: 'gcr.io/distroless/java21-debian13',
  },
  {
    of: 'debian',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM debian:trixie',
      'RUN apt-get update && apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*',
      'COPY run.sh /',
      'CMD ["bash", "/run.sh"]',
    ),
    files: { 'run.sh': '#!/bin/bash\necho \'{ "high": [4.2] }\' | jq -c .high\n' },
    prints: '[4.2]\n',
    base: 'debian:trixie-slim',
  },
  {
    of: 'go-static',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM golang:1.24 AS build',
      'WORKDIR /src',
      'COPY tide.go .',
      'RUN CGO_ENABLED=0 go build -o /out/tide tide.go',
      'FROM debian:trixie',
      'RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && rm -rf /var/lib/apt/lists/*',
      'COPY --from=build /out/tide /usr/local/bin/tide',
      'CMD tide --now',
    ),
    files: { 'tide.go': tideInGo },
    prints: 'Asia/Tokyo --now\n',
    base: 'gcr.io/distroless/static-debian13',
  },
  {
    of: 'go-with-a-word',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM golang:1.24 AS build',
      'WORKDIR /src',
      'COPY tide.go .',
      'RUN CGO_ENABLED=0 go build -o /out/tide tide.go',
      'FROM debian:trixie-slim',
      'COPY --from=build /out/tide /usr/local/bin/',
      'ENTRYPOINT ["tide"]',
      'CMD ["now"]',
    ),
    files: { 'tide.go': tideInGo },
    prints: 'Asia/Tokyo now\n',
    base: 'gcr.io/distroless/static-debian13',
  },
  {
    of: 'c-with-glibc',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM golang:1.24 AS build',
      'WORKDIR /src',
      'COPY tide.c .',
      'RUN gcc -O2 -o /out tide.c -lm',
      'FROM debian:trixie-slim',
      'COPY --from=build /out /usr/local/bin/tide',
      'CMD ["tide"]',
    ),
    files: {
      'tide.c':
        '#include <math.h>\n#include <stdio.h>\n#include <pwd.h>\nint main(int n, char **a) { struct passwd *p = getpwuid(0); printf("%.2f %s\\n", sin(n), p ? p->pw_name : "?"); return 0; }\n',
    },
    withEvidence: true,
    prints: '0.84 root\n',
    base: 'gcr.io/distroless/base-nossl-debian13',
  },
  {
    of: 'cpp-with-glibc',
    kind: 'minimal-base',
    dockerfile: text(
      'FROM golang:1.24 AS build',
      'WORKDIR /src',
      'COPY tide.cc .',
      'RUN g++ -O2 -o /out tide.cc',
      'FROM debian:trixie-slim',
      'COPY --from=build /out /usr/local/bin/tide',
      'ENTRYPOINT ["/usr/local/bin/tide"]',
      'CMD ["--low"]',
    ),
    files: {
      'tide.cc':
        '#include <iostream>\n#include <stdexcept>\nint main(int n, char **a) { try { throw std::runtime_error(a[1]); } catch (std::exception &e) { std::cout << e.what() << std::endl; } }\n',
    },
    withEvidence: true,
    prints: '--low\n',
    base: 'gcr.io/distroless/cc-debian13',
  },
  {
    of: 'small-python',
    kind: 'small',
    dockerfile: text(
      'FROM python:3.13',
      'WORKDIR /app',
      'COPY . .',
      'RUN pip install -r requirements.txt',
      'CMD python app.py',
    ),
    files: {
      'requirements.txt': 'tabulate==0.9.0\n',
      'app.py': 'from tabulate import tabulate\nprint(tabulate([["high", 4.2]], tablefmt="plain"))\n',
      '.git/HEAD': 'ref: refs/heads/main\n',
      '.git/objects/pack/pack-1.pack': 'x'.repeat(300_000),
      '__pycache__/app.cpython-313.pyc': 'x',
    },
    prints: 'high  4.2\n',
    base: 'python:3.13-slim-trixie',
  },
  {
    of: 'small-node',
    kind: 'small',
    dockerfile: text(
      'FROM node:24-trixie',
      'RUN apt-get update && apt-get install -y --no-install-recommends jq',
      'WORKDIR /app',
      'COPY . .',
      'RUN npm ci --omit=dev',
      'CMD ["npm", "start", "--silent"]',
    ),
    files: {
      ...nodeFiles,
      'package.json':
        '{ "name": "tides", "version": "1.0.0", "scripts": { "start": "node server.js" }, "dependencies": { "ms": "2.1.3" } }\n',
      '.git/HEAD': 'ref: refs/heads/main\n',
      'node_modules/ms/index.js': 'module.exports = () => "not installed by the build";\n',
    },
    prints: '12 hours 0\n',
    base: 'node:24-trixie-slim',
  },
];

const stageSwaps: readonly Swap[] = [
  {
    of: 'stage-with-modules',
    kind: 'minimal-base',
    stage: 0,
    dockerfile: text(
      'FROM node:24 AS build',
      'WORKDIR /app',
      'COPY . .',
      'RUN npm ci && npm run build',
      'FROM debian:trixie-slim',
      'COPY --from=build /app/dist /srv',
      'CMD ["cat", "/srv/tides.txt"]',
    ),
    files: {
      ...nodeFiles,
      'package.json':
        '{ "name": "tides", "version": "1.0.0", "scripts": { "prebuild": "mkdir -p dist", "build": "node build.js" }, "dependencies": { "ms": "2.1.3" } }\n',
      'build.js':
        'require("node:fs").writeFileSync("dist/tides.txt", `${require("ms")(44700000, { long: true })}\\n`);\n',
    },
    prints: '12 hours\n',
    base: 'node:24-slim',
  },
  {
    of: 'stage-with-environment',
    kind: 'minimal-base',
    stage: 0,
    dockerfile: text(
      'FROM python:3.13 AS build',
      'COPY requirements.txt .',
      'RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir -r requirements.txt',
      'FROM python:3.13-slim',
      'COPY --from=build /opt/venv /opt/venv',
      'COPY app.py .',
      'CMD ["/opt/venv/bin/python", "app.py"]',
    ),
    files: {
      'requirements.txt': 'tabulate==0.9.0\n',
      'app.py': 'from tabulate import tabulate\nprint(tabulate([["high", 4.2]], tablefmt="plain"))\n',
    },
    prints: 'high  4.2\n',
    base: 'python:3.13-slim',
  },
  {
    of: 'stage-with-packages',
    kind: 'minimal-base',
    stage: 0,
    dockerfile: text(
      'FROM debian:trixie AS make',
      'RUN apt-get update && apt-get install -y --no-install-recommends jq && rm -rf /var/lib/apt/lists/*',
      'COPY tides.json .',
      'RUN jq -c .high tides.json > /tides.txt',
      'FROM debian:trixie-slim',
      'COPY --from=make /tides.txt /',
      'CMD ["cat", "/tides.txt"]',
    ),
    files: { 'tides.json': '{ "high": [4.2] }\n' },
    prints: '[4.2]\n',
    base: 'debian:trixie-slim',
  },
];

const ignored: Swap = {
  of: 'dockerignore',
  kind: 'dockerignore',
  dockerfile: text(
    'FROM debian:trixie-slim',
    'WORKDIR /app',
    'COPY . .',
    'RUN sh make.sh',
    'CMD ["cat", "made.txt", ".env.example", "logs/tide.log"]',
  ),
  files: {
    'make.sh': 'cat data/*.csv src/.gitkeep > made.txt\n',
    'data/tides.csv': 'high,4.2\n',
    'src/.gitkeep': 'kept\n',
    '.env.example': 'PORT=\n',
    'logs/tide.log': 'a log that is served\n',
    'README.md': 'Tides\n',
    '.env': 'PASSWORD=secret\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/objects/pack/pack-1.pack': 'x'.repeat(500_000),
    '.vscode/settings.json': '{}\n',
    'data/.DS_Store': 'x',
  },
  prints: 'high,4.2\nkept\nPORT=\na log that is served\n',
  base: 'debian:trixie-slim',
};

let engine: TestEngine;
let standIns: StandIns;

beforeAll(async () => {
  engine = await suiteEngine();
  standIns = new StandIns(engine);
  // Side by side, as they mostly wait for packages. One that cannot be made fails the tests that need it.
  await Promise.allSettled([
    ...[...swaps, ...stageSwaps].map(({ dockerfile }) => standIns.provideFor(dockerfile)),
    ...[...swaps, ...stageSwaps].map(({ base }) => standIns.provide(base)),
  ]);
});

describe('an image on a smaller base does the same, and all that it has otherwise is told', () => {
  test.each(swaps)('$of', { timeout: 300_000 }, async (swap) => {
    const { proposal, beforeBytes, afterBytes, faults, untold, again, after } = await proveSwap(engine, standIns, swap);
    console.log(`${swap.of}: ${megabytes(beforeBytes)} → ${megabytes(afterBytes)} MB`);
    expect(faults).toEqual([]);
    expect(untold).toEqual([]);
    expect(proposal.runBase).toBe(swap.base);
    expect(parseDockerfile(after).stages.at(-1)!.base).toMatchObject({ reference: swap.base });
    expect(afterBytes).toBeLessThan(beforeBytes);
    expect(again, 'nothing is proposed a second time').toMatch(/^refused /);
  });
});

describe('a stage on a smaller base makes the same, and the image stays as it is', () => {
  test.each(stageSwaps)('$of', { timeout: 300_000 }, async (swap) => {
    const { proposal, beforeBytes, afterBytes, faults, untold, again, after } = await proveSwap(engine, standIns, swap);
    console.log(`${swap.of}: ${megabytes(beforeBytes)} → ${megabytes(afterBytes)} MB`);
    expect(faults).toEqual([]);
    expect(untold).toEqual([]);
    expect(proposal).not.toHaveProperty('runBase');
    expect(proposal.spares!.download).toBeGreaterThan(10_000_000);
    expect(parseDockerfile(after).stages[0]!.base).toMatchObject({ reference: swap.base });
    expect(afterBytes).toBe(beforeBytes);
    expect(again).toBe('refused no-benefit');
  });
});

test('without what no build needs, the image has all that it had', { timeout: 300_000 }, async () => {
  const proof = await proveSwap(engine, standIns, ignored, { below: '/app', buildKit: false });
  const { before, after } = proof.sent!;
  console.log(`dockerignore: ${before} → ${after} bytes sent`);
  expect(proof.faults).toEqual([]);
  expect(proof.untold).toEqual([]);
  expect(proof.come).toEqual(['/app/.dockerignore']);
  expect(proof.gone).toEqual([
    '/app/.env',
    '/app/.git/HEAD',
    '/app/.git/objects/pack/pack-1.pack',
    '/app/.vscode/settings.json',
    '/app/data/.DS_Store',
  ]);
  expect(before - after).toBeGreaterThan(490_000);
  expect(proof.beforeBytes - proof.afterBytes).toBeGreaterThan(490_000);
  expect(proof.again).toBe('refused no-benefit');
});

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
