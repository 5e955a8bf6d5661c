import { useEffect, useRef } from 'react';
import { configurationPlaces, type Place, places } from './places.ts';

/** What the keys of the frame do. */
interface KeyActions {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly onGo: (to: Place['to']) => void;
}

/** A second key counts with the first within this time. */
const chordMs = 1_000;

/** Whether a key goes into a text. Looks through shadow roots: the query editor lives in one. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Listens to the keys that work on every page. */
export function useKeys(actions: KeyActions): void {
  const current = useRef(actions);
  current.current = actions;
  useEffect(() => {
    let goingSince = Number.NEGATIVE_INFINITY;

    /** True when the key was for the frame. */
    function take(event: KeyboardEvent): boolean {
      const modified = event.metaKey || event.ctrlKey;
      if (modified && event.key.toLowerCase() === 'k') {
        current.current.onPalette();
        return true;
      }
      if (modified || event.altKey || isTyping(event) || isDialogOpen()) return false;
      const going = performance.now() - goingSince < chordMs;
      goingSince = event.key === 'g' ? performance.now() : Number.NEGATIVE_INFINITY;
      const place = going ? allPlaces.find(({ key }) => key === event.key) : undefined;
      if (place !== undefined) current.current.onGo(place.to);
      else if (event.key === '?') current.current.onHelp();
      else return false;
      return true;
    }

    function listen(event: KeyboardEvent): void {
      if (!take(event)) return;
      event.preventDefault();
      event.stopPropagation();
    }
    // Before the pages: "g s" goes to System, "s" alone is the page's.
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}

const allPlaces = [...places, ...configurationPlaces];

/** Whether something stands over the page and has the keys. */
export function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
