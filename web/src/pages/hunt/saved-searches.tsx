import { Button, Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { getSavedSearches, type SavedSearch } from '../../api/searches.ts';
import { useMay } from '../../parts/own-session.tsx';
import { readHuntSearch } from '../../search-state.ts';

/** Fetched when somebody saves. */
const SaveSheet = lazy(async () => ({ default: (await import('./save-sheet.tsx')).SaveSheet }));

/** Searches one kept, and those others share. */
export function SavedSearches(): ReactNode {
  const navigate = useNavigate();
  const may = useMay('searches:write');
  const [open, setOpen] = useState(false);
  const [isSaving, setSaving] = useState(false);
  const searches = useQuery({
    queryKey: ['saved-searches'],
    queryFn: ({ signal }) => getSavedSearches(signal),
    enabled: open,
  });
  const own = searches.data?.filter((one) => one.own) ?? [];
  const others = searches.data?.filter((one) => !one.own) ?? [];
  const go = ({ words }: SavedSearch): void => void navigate({ to: '/hunt', search: readHuntSearch(words) });
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} opened={open} onChange={setOpen}>
        <Menu.Target>
          <Button variant="default" size="compact-sm">
            Saved
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {may && <Menu.Item onClick={() => setSaving(true)}>Save this search…</Menu.Item>}
          <Menu.Label>
            {searches.isPending
              ? 'Loading…'
              : searches.isError
                ? searches.error.message
                : searches.data.length === 0
                  ? 'Nothing is saved yet'
                  : 'Own'}
          </Menu.Label>
          {own.map((one) => (
            <Menu.Item key={one.id} onClick={() => go(one)}>
              <bdi>{one.name}</bdi> {one.shared && <span className="muted">shared</span>}
            </Menu.Item>
          ))}
          {others.length > 0 && <Menu.Label>Shared by others</Menu.Label>}
          {others.map((one) => (
            <Menu.Item key={one.id} onClick={() => go(one)}>
              <bdi>{one.name}</bdi> <span className="muted">{one.owner}</span>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {isSaving && (
        <Suspense fallback={null}>
          <SaveSheet own={own} onClose={() => setSaving(false)} />
        </Suspense>
      )}
    </>
  );
}
