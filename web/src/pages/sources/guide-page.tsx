import type { ReactNode } from 'react';
export function GuidePage(): ReactNode {
  return null;
}
