import type { ReactNode } from 'react';
export function DeadLettersPage(): ReactNode {
  return null;
}
