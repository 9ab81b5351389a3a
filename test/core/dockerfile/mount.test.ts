import { describe, expect, it } from 'vitest';
import { mountFields } from '../../../src/core/dockerfile/mount.ts';

describe('mountFields', () => {
  it.each([
    ['type=cache,target=/x', { type: 'cache', target: '/x' }],
    [
      'type=bind,from=b,source=/a,target=/c,readonly',
      { type: 'bind', from: 'b', source: '/a', target: '/c', readonly: 'true' },
    ],
    ['TYPE=secret,Id=t', { type: 'secret', id: 't' }],
    ['type=tmpfs,"target=/a,b"', { type: 'tmpfs', target: '/a,b' }],
    ['"target=a""b"', { target: 'a"b' }],
    ['target=a=b', { target: 'a=b' }],
    ['', {}],
    [',,=x', {}],
  ])('%j', (value, fields) => {
    expect(Object.fromEntries(mountFields(value))).toEqual(fields);
  });
});
