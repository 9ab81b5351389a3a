import { describe, expect, it } from 'vitest';
import { outcomeOf, proposed } from '../../../helpers/conversion.ts';

const files = { 'go.mod': 'module x\n', 'main.go': 'package main\nfunc main() {}\n', 'main.c': 'int main(void) {}' };

function go(base: string, ...more: readonly string[]) {
  return {
    lines: [
      `FROM ${base}`,
      'RUN dnf install -y golang nmap-ncat',
      'WORKDIR /src',
      'COPY . .',
      'RUN CGO_ENABLED=0 go build -o /app .',
      ...more,
    ],
    files,
  };
}

const probe = 'HEALTHCHECK CMD ncat -z localhost 80';

describe('what installs packages', () => {
  it.each<[string, string, string]>([
    ['almalinux:9', 'almalinux:9-minimal', 'microdnf'],
    ['rockylinux/rockylinux:9', 'rockylinux/rockylinux:9-minimal', 'microdnf'],
    ['fedora:43', 'fedora:43', 'dnf'],
    ['amazonlinux:2023', 'amazonlinux:2023', 'dnf'],
  ])('for %s it is that of %s: %s', (base, runBase, manager) => {
    const { text, proposal } = proposed(go(base, probe, 'CMD ["/app"]'));
    expect(proposal.runBase).toBe(runBase);
    expect(text).toContain(`RUN ${manager} install -y nmap-ncat && ${manager} clean all\n`);
  });

  it('brings what makes users', () => {
    const { text } = proposed(go('almalinux:9', 'RUN useradd app', 'USER app', probe, 'CMD ["/app"]'));
    expect(text).toContain('RUN microdnf install -y nmap-ncat shadow-utils && microdnf clean all\nRUN useradd app\n');
  });
});

describe('refused', () => {
  it('libraries whose packages only other package managers could name', () => {
    const lines = [
      'FROM almalinux:9',
      'RUN dnf install -y gcc openssl-devel',
      'COPY main.c .',
      'RUN gcc -o /app main.c -lssl',
      'CMD ["/app"]',
    ];
    expect(outcomeOf({ lines, files })).toBe('refused unknown-packages');
  });

  it.each(['curl', 'ps', 'find'])('%s, which a minimal image may lack or bring under another name', (name) => {
    expect(outcomeOf(go('almalinux:9', `HEALTHCHECK CMD ${name} /run`, 'CMD ["/app"]'))).toBe('refused unknown-tool');
  });
});
