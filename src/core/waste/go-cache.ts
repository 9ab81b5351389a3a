import { cacheDetector } from './places.ts';

export const goCache = cacheDetector({
  id: 'go-cache',
  title: 'Module and build caches of Go',
  why: 'Sources and objects from which the program was built. A built program needs neither.',
  places: {
    at: ['/go/pkg/mod', '/go/pkg/sumdb'],
    anywhere: ['go/pkg/mod', '.cache/go-build', '.cache/golangci-lint'],
    variables: [
      ['GOPATH', 'pkg/mod'],
      ['GOPATH', 'pkg/sumdb'],
      ['GOMODCACHE', ''],
      ['GOCACHE', ''],
    ],
  },
  advice:
    'Build in a stage of its own and copy the program out, or mount caches on /go/pkg/mod and /root/.cache/go-build.',
  readBy: ['go', 'air'],
});
