import { type RefObject, useEffect } from 'react';

/** A menu that was closed gives the focus back to its button a moment later, in milliseconds; this is after that. */
const afterMenuMs = 40;

/** Focuses something that a menu opened, once the menu is done with the focus. */
export function useFocusSoon(target: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const timer = setTimeout(() => target.current?.focus(), afterMenuMs);
    return () => clearTimeout(timer);
  }, [target]);
}
