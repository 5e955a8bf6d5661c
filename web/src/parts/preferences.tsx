import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';

/** Light, dark, or as the system says. */
export type Scheme = 'light' | 'dark' | 'auto';

/** What a person set for this browser. */
interface Preferences {
  readonly scheme: Scheme;
  readonly setScheme: (scheme: Scheme) => void;
  /** The scheme in effect. */
  readonly shown: 'light' | 'dark';
  /** IANA zone in which times are shown. */
  readonly zone: string;
  readonly setZone: (zone: string) => void;
}

/** Zone of the browser. */
export const ownZone: string = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

const Context = createContext<Preferences>({
  scheme: 'auto',
  setScheme: () => {},
  shown: 'light',
  zone: ownZone,
  setZone: () => {},
});

/** Gives what the person set. */
export function usePreferences(): Preferences {
  return useContext(Context);
}

/** Reads something kept in this browser; undefined when there is nothing, or storage is forbidden. */
export function readKept(name: string): string | undefined {
  try {
    return localStorage.getItem(`meridian-${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps something in this browser, where it may. */
export function keep(name: string, text: string): void {
  try {
    localStorage.setItem(`meridian-${name}`, text);
  } catch {
    // Storage is full or forbidden: it holds until the page is left.
  }
}

/** Whether the browser knows a zone. */
export function isKnownZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function readScheme(): Scheme {
  const kept = readKept('scheme');
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

function readZone(): string {
  const kept = readKept('zone');
  return kept !== undefined && isKnownZone(kept) ? kept : ownZone;
}

const darkMedia = window.matchMedia('(prefers-color-scheme: dark)');

/** Holds what a person set, and puts the scheme on the page. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [scheme, chooseScheme] = useState(readScheme);
  const [zone, chooseZone] = useState(readZone);
  const [systemDark, setSystemDark] = useState(darkMedia.matches);
  useEffect(() => {
    const listen = (event: MediaQueryListEvent): void => setSystemDark(event.matches);
    darkMedia.addEventListener('change', listen);
    return () => darkMedia.removeEventListener('change', listen);
  }, []);
  const shown = scheme === 'auto' ? (systemDark ? 'dark' : 'light') : scheme;
  useEffect(() => {
    document.documentElement.setAttribute('data-mantine-color-scheme', shown);
  }, [shown]);
  const setScheme = useCallback((next: Scheme) => {
    keep('scheme', next);
    chooseScheme(next);
  }, []);
  const setZone = useCallback((next: string) => {
    keep('zone', next);
    chooseZone(next);
  }, []);
  const value = useMemo(
    () => ({ scheme, setScheme, shown, zone, setZone }) as const,
    [scheme, setScheme, shown, zone, setZone],
  );
  return <Context value={value}>{children}</Context>;
}
