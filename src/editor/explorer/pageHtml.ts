import { Uri, type Webview } from 'vscode';
import { pageDocument } from '../../protocol/pageDocument.ts';

/** What the page may load: its script and its styles, from this folder of the extension. */
export function pageRoots(extension: Uri): Uri[] {
  return [Uri.joinPath(extension, 'dist')];
}

/** The page's HTML, with this panel's addresses and a nonce of its own. */
export function pageHtml(webview: Webview, extension: Uri, language: string): string {
  return pageDocument({
    script: webview.asWebviewUri(Uri.joinPath(extension, 'dist', 'webview-explorer.js')).toString(),
    style: webview.asWebviewUri(Uri.joinPath(extension, 'dist', 'webview-explorer.css')).toString(),
    styleSource: webview.cspSource,
    nonce: makeNonce(),
    language,
  });
}

function makeNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
