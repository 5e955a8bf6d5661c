import type { ReactNode } from 'react';
export function EntityPage(): ReactNode {
  return null;
}
