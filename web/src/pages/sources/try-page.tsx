import type { ReactNode } from 'react';
export function TryPage(): ReactNode {
  return null;
}
