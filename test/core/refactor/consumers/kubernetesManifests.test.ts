import { describe, expect, it } from 'vitest';
import { readManifest } from '../../../../src/core/refactor/consumers/kubernetesManifests.ts';

const file = 'k8s/web.yaml';

/** A deployment whose container has these fields. */
function deployment(fields: string): string {
  return `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      securityContext: { runAsUser: 1000, runAsGroup: 3000 }
      containers:
        - name: web
          image: acme/web:1
${fields.replace(/^/gm, '          ')}
`;
}

const own = { file, line: 8, name: 'container web', user: '1000:3000', mounts: [] };

describe('what a container says of its image', () => {
  it.each<[string, readonly object[]]>([
    ['ports: [{ containerPort: 80 }]', [own]],
    ['command: ["sh", "-c", "a"]', [{ ...own, entrypoint: ['sh', '-c', 'a'] }]],
    ['args: ["--port", 80]', [{ ...own, command: ['--port', '80'] }]],
    ['command: sh', [own]],
    ['securityContext: { runAsUser: 65532 }', [{ ...own, user: '65532' }]],
    ['volumeMounts: [{ name: a, mountPath: /data }, { name: b }]', [{ ...own, mounts: ['/data'] }]],
    ['workingDir: /srv/', [{ ...own, workingDir: '/srv' }]],
    ['workingDir: /', [{ ...own, workingDir: '/' }]],
    ['workingDir: srv', [own]],
    [
      'workingDir: /srv\nstartupProbe: { exec: { command: [./a] } }',
      [
        { ...own, workingDir: '/srv' },
        {
          file,
          line: 11,
          name: 'the startup probe of container web',
          healthcheck: ['./a'],
          isProbe: true,
          workingDir: '/srv',
          mounts: [],
        },
      ],
    ],
    ['livenessProbe: { httpGet: { path: / } }', [own]],
    [
      'readinessProbe:\n  exec:\n    command: [curl, localhost]',
      [
        own,
        {
          file,
          line: 11,
          name: 'the readiness probe of container web',
          healthcheck: ['curl', 'localhost'],
          isProbe: true,
          mounts: [],
        },
      ],
    ],
    [
      'lifecycle: { preStop: { exec: { command: [sleep, "5"] } } }',
      [
        own,
        {
          file,
          line: 10,
          name: 'the hook before the end of container web',
          healthcheck: ['sleep', '5'],
          isProbe: true,
          mounts: [],
        },
      ],
    ],
  ])('%s', (fields, expected) => {
    expect(readManifest(file, deployment(fields)).users).toEqual(
      expected.map((consumer) => ({ image: 'acme/web:1', consumer })),
    );
  });
});

describe('where containers are', () => {
  const pod = 'spec: { containers: [{ name: a, image: one }], initContainers: [{ image: two }] }';
  it.each<[string, string, readonly string[]]>([
    ['a pod', `apiVersion: v1\nkind: Pod\n${pod}`, ['one', 'two']],
    [
      'a cron job',
      `apiVersion: batch/v1\nkind: CronJob\nspec: { jobTemplate: { spec: { template: { ${pod} } } } }`,
      ['one', 'two'],
    ],
    ['several documents', `kind: Service\napiVersion: v1\n---\napiVersion: v1\nkind: Pod\n${pod}`, ['one', 'two']],
    ['a list', `apiVersion: v1\nkind: List\nitems: [{ kind: Pod, ${pod} }]`, ['one', 'two']],
    ['no manifest', pod, []],
    ['nothing', '', []],
    ['no YAML', '{{', []],
    ['an image that is none', 'apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: 3 }, 4] }', []],
    ['aliases without end', 'apiVersion: v1\nkind: Pod\na: &a [*a]', []],
  ])('%s', (_title, text, images) => {
    expect(readManifest(file, text).users.map(({ image }) => image)).toEqual(images);
  });
});

describe('templates', () => {
  const chart = (line: string): string => `apiVersion: v1\nkind: Pod\nimage: {{ .Values.image }}\n${line}\n`;
  it.each<[string, number | undefined]>([
    [chart('  command: ["sh"]'), 4],
    [chart('  - exec:'), 4],
    [chart('  ports: []'), undefined],
    ['command: {{ x }}', undefined],
  ])('%s', (text, line) => expect(readManifest(file, text).template?.line).toBe(line));
});
