import type { ReactNode } from 'react';
export function RetentionPage(): ReactNode {
  return null;
}
