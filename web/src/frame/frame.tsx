import { Menu } from '@mantine/core';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { noteSignedOut } from '../api/request.ts';
import { signOut } from '../api/session.ts';
import { useOwnSession } from '../parts/own-session.tsx';
import { keep, readKept, type Scheme, usePreferences } from '../parts/preferences.tsx';
import { Icon } from './icons.tsx';
import { LagChip } from './lag-chip.tsx';
import { NotAllowed } from './page-states.tsx';
import { configurationPlaces, needsOf, type Place, places } from './places.ts';
import { useKeys } from './use-keys.ts';

const getPalette = () => import('./palette.tsx');
const getKeysHelp = () => import('./keys-help.tsx');
const Palette = lazy(async () => ({ default: (await getPalette()).Palette }));
const KeysHelp = lazy(async () => ({ default: (await getKeysHelp()).KeysHelp }));

/** Fetches what a key will open, once the page has nothing else to do: then it opens at once. */
function fetchSoon(): void {
  const fetchAll = (): void => void Promise.all([getPalette(), getKeysHelp()]).catch(() => undefined);
  if ('requestIdleCallback' in window) window.requestIdleCallback(fetchAll);
  else setTimeout(fetchAll, 2_000);
}

const schemes: readonly (readonly [Scheme, string])[] = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['auto', 'As the system'],
];

/** What stands around every page. */
export function Frame(): ReactNode {
  const [folded, setFolded] = useState(() => readKept('rail') === 'folded');
  const [open, setOpen] = useState<'palette' | 'keys'>();
  const navigate = useNavigate();
  const close = useCallback(() => setOpen(undefined), []);
  const leave = useCallback(() => void signOut().then(noteSignedOut, noteSignedOut), []);
  const showKeys = useCallback(() => setOpen('keys'), []);
  const ahead = useRef('');
  const openPalette = (): void => {
    ahead.current = '';
    setOpen('palette');
  };
  const onAhead = (key: string): void => {
    ahead.current += key;
  };
  useKeys({
    onPalette: openPalette,
    onHelp: showKeys,
    onGo: (to) => void navigate({ to }),
    onAhead: open === 'palette' ? onAhead : undefined,
  });
  useEffect(fetchSoon, []);
  useEffect(() => keep('rail', folded ? 'folded' : 'open'), [folded]);

  return (
    <div className={folded ? 'frame folded' : 'frame'}>
      <a className="skip" href="#main">
        To the content
      </a>
      <nav className="rail" aria-label="Pages">
        <Link to="/" className="brand" aria-label="Meridian: overview">
          <img src="/meridian.svg" alt="" />
          <span className="word">Meridian</span>
        </Link>
        <PlaceList places={places} folded={folded} />
        <h2>Configuration</h2>
        <PlaceList places={configurationPlaces} folded={folded} />
        <div className="foot">
          <button
            type="button"
            className="plain"
            aria-label={folded ? 'Unfold the rail' : 'Fold the rail'}
            onClick={() => setFolded(!folded)}
          >
            <Icon name={folded ? 'unfold' : 'fold'} />
            <span className="word">Fold</span>
          </button>
        </div>
      </nav>
      <header className="top">
        <button type="button" className="plain jump" onClick={openPalette}>
          Go to, search, do…<kbd>⌘K</kbd>
        </button>
        <div className="end">
          <LagChip />
          <button type="button" className="plain" onClick={showKeys} aria-label="Help: what the keyboard does">
            <Icon name="help" />
            <span className="word">Help</span>
          </button>
          <AccountMenu onSignOut={leave} />
        </div>
      </header>
      <main className="main" id="main" tabIndex={-1}>
        <Allowed />
      </main>
      <nav className="bottom-bar" aria-label="Pages, short">
        {places.slice(0, 3).map(({ to, name, icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
            <Icon name={icon} />
            {name}
          </Link>
        ))}
        <Link to="/system" activeOptions={{ includeSearch: false }}>
          <Icon name="system" />
          System
        </Link>
        <button type="button" className="plain" onClick={openPalette}>
          <Icon name="more" />
          More
        </button>
      </nav>
      <Suspense fallback={null}>
        {open === 'palette' && <Palette ahead={ahead} onClose={close} onKeys={showKeys} onSignOut={leave} />}
        {open === 'keys' && <KeysHelp onClose={close} />}
      </Suspense>
    </div>
  );
}

/** The page, unless the role does not allow it. */
function Allowed(): ReactNode {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { permissions } = useOwnSession();
  const needs = needsOf(path);
  return needs === undefined || permissions.includes(needs) ? <Outlet /> : <NotAllowed needs={needs} />;
}

function PlaceList({
  places: list,
  folded,
}: {
  readonly places: readonly Place[];
  readonly folded: boolean;
}): ReactNode {
  const { permissions } = useOwnSession();
  const shown = list.filter(({ needs }) => permissions.includes(needs));
  return (
    <ul>
      {shown.map(({ to, name, icon, under }, index) => (
        <li key={to} className={under && 'under'}>
          {under !== undefined && under !== shown[index - 1]?.under && <h3>{under}</h3>}
          <Link
            to={to}
            activeOptions={{ exact: to === '/', includeSearch: false }}
            title={folded ? name : undefined}
            aria-label={name}
          >
            <Icon name={icon} />
            <span className="word">{name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function AccountMenu({ onSignOut }: { readonly onSignOut: () => void }): ReactNode {
  const { scheme, setScheme } = usePreferences();
  const { displayName, role } = useOwnSession();
  return (
    <Menu position="bottom-end" width={200} transitionProps={{ duration: 0 }}>
      <Menu.Target>
        <button type="button" className="plain" aria-label="Appearance and sign-out">
          <span aria-hidden="true">◑</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <bdi>{displayName}</bdi> · {role}
        </Menu.Label>
        <Menu.Item component={Link} to="/account">
          Account
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Appearance</Menu.Label>
        {schemes.map(([value, name]) => (
          <Menu.Item key={value} onClick={() => setScheme(value)} aria-current={scheme === value}>
            {scheme === value ? '✓ ' : '  '}
            {name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={onSignOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
