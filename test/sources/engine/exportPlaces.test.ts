import { expect, test } from 'vitest';
import { ExportPlaces } from '../../../src/sources/engine/exportPlaces.ts';

const hex = (digit: string): string => digit.repeat(64);
const diffIds = [`sha256:${hex('a')}`, `sha256:${hex('b')}`, `sha256:${hex('a')}`];
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

test.each([
  [`${hex('b')}.tar`, [1]],
  [`${hex('a')}.tar`, [0, 2]],
  [`blobs/sha256/${hex('b')}`, [1]],
  [`blobs/sha256/${hex('c')}`, []],
  [`${hex('1')}/layer.tar`, []],
  ['manifest.json', []],
])('%s', (name, expected) => {
  expect(new ExportPlaces(diffIds).of(name)).toEqual(expected);
});

test('Docker’s first format: a place is known once all ancestors are', () => {
  const places = new ExportPlaces(diffIds);
  places.document(`${hex('3')}/json`, json({ id: hex('3'), parent: hex('2') }));
  places.document(`${hex('2')}/json`, json({ id: hex('2'), parent: hex('1') }));
  expect(places.of(`${hex('2')}/layer.tar`)).toEqual([]);
  places.document(`${hex('1')}/json`, json({ id: hex('1') }));
  expect(places.of(`${hex('1')}/layer.tar`)).toEqual([0, 2]);
  expect(places.of(`${hex('2')}/layer.tar`)).toEqual([1]);
  expect(places.of(`${hex('3')}/layer.tar`)).toEqual([0, 2]);
});

test('parents in a circle, broken documents and a chain longer than the image place nothing', () => {
  const places = new ExportPlaces(diffIds);
  places.document(`${hex('1')}/json`, json({ parent: hex('2') }));
  places.document(`${hex('2')}/json`, json({ parent: hex('1') }));
  places.document(`${hex('3')}/json`, Buffer.from('{'));
  places.document(`${hex('4')}/json`, json({ parent: 7 }));
  for (let at = 5; at < 9; at++) places.document(`${hex(String(at))}/json`, json({ parent: hex(String(at + 1)) }));
  places.document(`${hex('9')}/json`, json({}));
  for (const id of ['1', '2', '3', '4', '5']) expect(places.of(`${hex(id)}/layer.tar`)).toEqual([]);
});
