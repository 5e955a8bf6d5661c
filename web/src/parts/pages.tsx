import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

/** To the page before and after. */
export function Pages({
  page,
  isLast,
  onPage,
}: {
  /** From 0. */
  readonly page: number;
  readonly isLast: boolean;
  readonly onPage: (page: number) => void;
}): ReactNode {
  return (
    <div className="body line">
      <Button variant="default" size="xs" disabled={page === 0} onClick={() => onPage(page - 1)}>
        Before
      </Button>
      <Button variant="default" size="xs" disabled={isLast} onClick={() => onPage(page + 1)}>
        Next
      </Button>
    </div>
  );
}
