import type { ReactNode } from 'react';
export function EventPage(): ReactNode {
  return null;
}
