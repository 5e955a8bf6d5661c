import type { ReactNode } from 'react';
export function QqlPage(): ReactNode {
  return null;
}
