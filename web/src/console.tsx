import { defaultVariantColorsResolver, MantineProvider, type MantineThemeOverride } from '@mantine/core';
import { QueryClient, QueryClientProvider, useQuery, useQueryClient } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { Problem } from './api/problem.ts';
import { onSignedOut } from './api/request.ts';
import { getOwnSession } from './api/session.ts';
import { OwnSessionProvider } from './parts/own-session.tsx';
import { PreferencesProvider, usePreferences } from './parts/preferences.tsx';
import { Failure } from './parts/states.tsx';
import { router } from './routes.tsx';

const retriesMax = 2;
const freshMs = 10_000;

/** A request is tried again when the server was not there or busy, never when it said no. */
function isWorthRetrying(failures: number, thrown: Error): boolean {
  if (failures >= retriesMax || !(thrown instanceof Problem)) return false;
  return thrown.code === 'server-unreachable' || thrown.code === 'server-busy' || thrown.status === 502;
}

const queryClient = new QueryClient({
  defaultOptions: {
    queries: { retry: isWorthRetrying, staleTime: freshMs, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});

/** The whole console: what everybody needs, then sign-in or the pages. */
export function Console(): ReactNode {
  return (
    <PreferencesProvider>
      <Library>
        <QueryClientProvider client={queryClient}>
          <Entrance />
        </QueryClientProvider>
      </Library>
    </PreferencesProvider>
  );
}

const theme: MantineThemeOverride = {
  respectReducedMotion: true,
  defaultRadius: 'sm',
  cursorType: 'pointer',
  // Filled buttons are light in the dark: their words must not be.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === 'filled' ? { color: 'var(--on-accent)' } : {}),
  }),
};

/** The component library adds no style elements: its sheets are files, and its colours come from `tokens.css`. */
function Library({ children }: { readonly children: ReactNode }): ReactNode {
  const { shown } = usePreferences();
  return (
    <MantineProvider forceColorScheme={shown} withCssVariables={false} withGlobalClasses={false} theme={theme}>
      {children}
    </MantineProvider>
  );
}

const sessionKey = ['own-session'];

/** Lets in who is signed in. The address stays, so that signing in again goes on where one was. */
function Door(): ReactNode {
  const client = useQueryClient();
  const session = useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => getOwnSession(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => onSignedOut(() => client.setQueryData(sessionKey, null)), [client]);
  if (session.isPending) return null;
  if (session.isError) {
    return <Failure error={session.error} what="The console cannot start" retry={() => void session.refetch()} />;
  }
  if (session.data === null) {
    return (
      <Suspense fallback={null}>
        <SignInPage
          onDone={async () => {
            // Nothing of another person's session is shown to this one.
            client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionKey[0] });
            await session.refetch();
          }}
        />
      </Suspense>
    );
  }
  return (
    <OwnSessionProvider session={session.data}>
      <RouterProvider router={router} />
    </OwnSessionProvider>
  );
}

const SignInPage = lazy(async () => ({ default: (await import('./pages/sign-in/sign-in-page.tsx')).SignInPage }));
const WelcomePage = lazy(async () => ({ default: (await import('./pages/first-run/welcome-page.tsx')).WelcomePage }));
const ReturnPage = lazy(async () => ({ default: (await import('./pages/sign-in/return-page.tsx')).ReturnPage }));

/** Pages for those who are not signed in yet, by address. */
const outside: Readonly<Record<string, typeof WelcomePage>> = {
  '/welcome': WelcomePage,
  '/sign-in/return': ReturnPage,
};

/** What stands at the address: a page before signing in, or all others behind the door. */
function Entrance(): ReactNode {
  const Page = outside[window.location.pathname];
  if (Page === undefined) return <Door />;
  return (
    <Suspense fallback={null}>
      <Page />
    </Suspense>
  );
}
