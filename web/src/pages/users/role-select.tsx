import { NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';

/** Roles, each of which may do more than the one before. */
export const roleNames = ['viewer', 'analyst', 'engineer', 'administrator'] as const;

/** One of the roles. */
export function RoleSelect({
  label,
  hidden = false,
  value,
  disabled = false,
  onRole,
}: {
  readonly label: string;
  /** Named, but without words beside it. */
  readonly hidden?: boolean;
  readonly value: string;
  readonly disabled?: boolean;
  readonly onRole: (role: string) => void;
}): ReactNode {
  return (
    <NativeSelect
      {...(hidden ? { 'aria-label': label } : { label })}
      size={hidden ? 'xs' : 'sm'}
      data={[...roleNames]}
      value={value}
      disabled={disabled}
      onChange={(event) => onRole(event.currentTarget.value)}
    />
  );
}
