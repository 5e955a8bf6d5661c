import { createHash } from 'node:crypto';

/** Content security policy of an HTML page: it may use the style sheets it holds, and nothing else. */
export function pagePolicy(page: string): string {
  const styles = [...page.matchAll(/<style>([^<]*)<\/style>/g)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  );
  return `default-src 'none'; style-src ${styles.length === 0 ? "'none'" : styles.join(' ')}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}
