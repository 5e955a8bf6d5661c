import { type RefObject, useEffect } from 'react';
import { isDialogOpen, isPlain, isTyping } from '../frame/use-keys.ts';

/**
 * Moves through the rows of a table or list by j and k; "/" goes to the field that searches it. A row is what bears
 * `data-row`: its link or button, so that Enter opens it.
 */
export function useRowKeys(table: RefObject<HTMLElement | null>, field?: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    function listen(event: KeyboardEvent): void {
      if (!isPlain(event) || isTyping(event) || isDialogOpen()) return;
      if (event.key === '/' && field?.current) field.current.focus();
      else if (event.key === 'j') move(table.current, 1);
      else if (event.key === 'k') move(table.current, -1);
      else return;
      event.preventDefault();
    }
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [table, field]);
}

function move(table: HTMLElement | null, by: number): void {
  const rows = [...(table?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  const at = rows.findIndex((row) => row.closest('tr, li')?.contains(document.activeElement));
  const next = at === -1 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(0, at + by), rows.length - 1);
  rows[next]?.focus();
}
