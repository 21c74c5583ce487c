/**
 * Puts a strict Content-Security-Policy into the built index.html, as a meta tag because a static host sends
 * no headers of ours. The dev server is left alone: its hot reload needs inline scripts and a web socket.
 */
import type { Plugin } from 'vite';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "connect-src 'self'",
  // No inline styles: Lit adopts style sheets and uPlot sets properties by script, which need no permission.
  // A `style="…"` attribute in a template would be refused; use a class or lit's `styleMap`.
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: 'build',
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
        injectTo: 'head-prepend',
      },
    ],
  };
}
