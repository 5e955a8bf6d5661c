import type { ReactNode } from 'react';
export function EntitiesPage(): ReactNode {
  return null;
}
