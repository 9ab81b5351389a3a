/** Where the explorer's page finds its parts, as the host may name them to a browser. */
export interface PageParts {
  /** Address of `dist/webview-explorer.js`. */
  readonly script: string;
  /** Address of `dist/webview-explorer.css`: one file, because a page's script waits until all styles have come. */
  readonly style: string;
  /** Where styles may come from: `webview.cspSource`. */
  readonly styleSource: string;
  /** Random, of letters and digits, and never the same twice. */
  readonly nonce: string;
  /** BCP 47. */
  readonly language: string;
}

/**
 * The explorer's page as HTML, which holds no data. Nothing is allowed but the one script and the extension's own style
 * sheets. The nonce stands in a `meta` of its own for the toolkit, which tries with an empty `style` element whether the
 * browser knows `:focus-visible`; without it every click draws a focus ring.
 */
export function pageDocument({ script, style, styleSource, nonce, language }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${styleSource} 'nonce-${nonce}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta property="csp-nonce" content="${escaped(nonce)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Plimsoll</title>
<link rel="stylesheet" href="${escaped(style)}">
</head>
<body>
<script nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
