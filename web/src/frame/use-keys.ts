import { useEffect, useRef } from 'react';
import { configurationPlaces, type Place, places } from './places.ts';

/** What the keys of the frame do. */
interface KeyActions {
  readonly onPalette: () => void;
  readonly onHelp: () => void;
  readonly onGo: (to: Place['to']) => void;
  /** Takes what is typed while what it is meant for is not there yet. */
  readonly onAhead?: ((key: string) => void) | undefined;
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

    /** A key alone; true when it was for the frame. */
    function takePlain(key: string): boolean {
      const going = performance.now() - goingSince < chordMs;
      goingSince = key === 'g' ? performance.now() : Number.NEGATIVE_INFINITY;
      const place = going ? allPlaces.find((one) => one.key === key) : undefined;
      if (place !== undefined) current.current.onGo(place.to);
      else if (key === '?') current.current.onHelp();
      else return false;
      return true;
    }

    function take(event: KeyboardEvent): boolean {
      if (isPalette(event)) {
        current.current.onPalette();
        return true;
      }
      if (!isPlain(event) || isDialogOpen()) return false;
      const { onAhead } = current.current;
      if (onAhead === undefined) return !isTyping(event) && takePlain(event.key);
      if (event.key.length === 1) onAhead(event.key);
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

function isPalette({ metaKey, ctrlKey, key }: KeyboardEvent): boolean {
  return (metaKey || ctrlKey) && key.toLowerCase() === 'k';
}

/** Whether a key was pressed without those that make it a command of the browser or the system. */
export function isPlain({ metaKey, ctrlKey, altKey }: KeyboardEvent): boolean {
  return !metaKey && !ctrlKey && !altKey;
}

const allPlaces = [...places, ...configurationPlaces];

/** Whether something stands over the page and has the keys. */
export function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
