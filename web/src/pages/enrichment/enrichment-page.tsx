import type { ReactNode } from 'react';
export function EnrichmentPage(): ReactNode {
  return null;
}
