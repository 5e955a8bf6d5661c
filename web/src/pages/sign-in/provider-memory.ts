/** What this tab remembers while its person is at the provider of identities. */
export interface ProviderMemory {
  /** Proves to the server that this browser began the sign-in. */
  readonly binding: string;
  /** Where the person wanted to go: an address of this console. */
  readonly back: string;
}

const key = 'meridian-provider';

/** Remembers a sign-in that begins here. */
export function rememberProvider(binding: string): void {
  const { pathname, search } = window.location;
  sessionStorage.setItem(key, JSON.stringify({ binding, back: `${pathname}${search}` }));
}

/** Gives what was remembered, once; undefined when this tab began nothing. */
export function takeProvider(): ProviderMemory | undefined {
  const text = sessionStorage.getItem(key);
  sessionStorage.removeItem(key);
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (typeof value !== 'object' || value === null || !('binding' in value) || !('back' in value)) return undefined;
    const { binding, back } = value;
    if (typeof binding !== 'string' || typeof back !== 'string' || !/^\/(?![/\\])/.test(back)) return undefined;
    return { binding, back };
  } catch {
    return undefined;
  }
}
