import { expect, test } from 'vitest';
import { pageDocument } from '../../src/protocol/pageDocument.ts';

const page = pageDocument({
  script: 'https://host.test/dist/webview-explorer.js?a=1&b="2"',
  style: 'https://host.test/media/explorer/explorer.css',
  styleSource: "'self' https://host.test",
  nonce: 'abc123',
  language: 'de',
});

test('one script by its nonce, styles from the extension, and nothing else', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  expect(policy?.split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'nonce-abc123'",
    "style-src 'self' https://host.test 'nonce-abc123'",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).not.toMatch(/unsafe|style=|<style|\son\w+=/);
});

test('addresses cannot end their attribute', () => {
  expect(page).toContain('src="https://host.test/dist/webview-explorer.js?a=1&amp;b=&quot;2&quot;"');
});
