/** Name of a country in the viewer's language; the code itself where it is none. */
export function nameCountry(code: string): string {
  try {
    const name = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' }).of(code);
    return name === undefined ? code : `${name} (${code})`;
  } catch {
    return code;
  }
}
