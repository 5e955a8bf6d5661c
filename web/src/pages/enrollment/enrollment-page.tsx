import { Button } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { type EnrollmentToken, type MadeToken, revokeEnrollmentToken } from '../../api/fleet-enrollment.ts';
import { Ago } from '../../parts/ago.tsx';
import { countOf, formatAge, formatCount } from '../../parts/format.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Mark } from '../../parts/outcome.tsx';
import { useMay } from '../../parts/own-session.tsx';
import { Pages } from '../../parts/pages.tsx';
import { usePreferences } from '../../parts/preferences.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { showText } from '../../parts/show-characters.ts';
import { Empty } from '../../parts/states.tsx';
import { TagWords } from '../../parts/tag-words.tsx';
import { RowTime } from '../../parts/time.tsx';
import { NewToken } from './new-token.tsx';
import { pageTokens, tokensQuery } from './tokens-query.ts';
import { Waiting } from './waiting.tsx';
import '../profiles/profiles.css';
import './enrollment.css';

const refreshMs = 5_000;

/** How hosts come in: tokens, each with the command to paste. */
export function EnrollmentPage(): ReactNode {
  const may = useMay('enrollment:write');
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<MadeToken>();
  return (
    <div className="page fleet">
      <div className="page-head">
        <h1>Enrollment</h1>
        {may && (
          <div className="actions">
            <Button aria-expanded={open} onClick={() => setOpen(!open)}>
              New token
            </Button>
          </div>
        )}
      </div>
      <p className="page-lead">
        A token lets an agent in: paste its command on the host. The agent makes a key of its own there, which never
        leaves the host; the token is used up, or ends by itself.
      </p>
      {made !== undefined && <Waiting key={made.token.id} made={made} onDone={() => setMade(undefined)} />}
      {open && (
        <NewToken
          onMade={(next) => {
            setMade(next);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        />
      )}
      <Tokens may={may} />
    </div>
  );
}

function Tokens({ may }: { readonly may: boolean }): ReactNode {
  const [page, setPage] = useState(0);
  const client = useQueryClient();
  const tokens = useQuery({
    ...tokensQuery(page),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
  const revoke = useMutation({
    mutationFn: revokeEnrollmentToken,
    onSuccess: () => client.invalidateQueries({ queryKey: ['enrollment-tokens'] }),
  });
  const total = tokens.data?.total ?? 0;
  return (
    <section className="panel" aria-label="Tokens">
      <header>
        <h2>Tokens</h2>
        <span className="muted">{countOf(total, 'token')}</span>
      </header>
      <ProblemLine error={revoke.error} />
      <Loaded asked={tokens} what="The tokens cannot be shown" rows={4}>
        {({ tokens: shown }) =>
          total === 0 ? (
            <NoTokens may={may} />
          ) : (
            <TokenTable
              tokens={shown}
              onRevoke={may ? (id) => revoke.mutate(id) : undefined}
              revoking={revoke.isPending ? revoke.variables : undefined}
            />
          )
        }
      </Loaded>
      {total > pageTokens && <Pages page={page} isLast={(page + 1) * pageTokens >= total} onPage={setPage} />}
    </section>
  );
}

function NoTokens({ may }: { readonly may: boolean }): ReactNode {
  return (
    <Empty title="No tokens yet">
      <p className="muted">
        {may
          ? 'Make one with “New token”: it comes with the command that installs the agent on a host and enrolls it.'
          : 'Tokens that let hosts in stand here, with how often each was used.'}
      </p>
    </Empty>
  );
}

function TokenTable({
  tokens,
  onRevoke,
  revoking,
}: {
  readonly tokens: readonly EnrollmentToken[];
  readonly onRevoke: ((id: string) => void) | undefined;
  readonly revoking: string | undefined;
}): ReactNode {
  return (
    <div className="scroll-x">
      <table className="plain-table">
        <thead>
          <tr>
            <th>For</th>
            <th>State</th>
            <th>Used</th>
            <th>Tags</th>
            <th>Profile</th>
            <th>Made</th>
            <th>
              <span className="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id} className={token.state === 'usable' ? '' : 'spent'}>
              <td className="wrap">
                {token.description === '' ? <span className="muted">–</span> : <bdi>{showText(token.description)}</bdi>}
                <div className="sub mono">mde_{token.id}_…</div>
              </td>
              <td className="nowrap">
                <TokenState token={token} />
              </td>
              <td className="nowrap">
                {formatCount(token.uses)} of {formatCount(token.usesMax)}
              </td>
              <td>
                <TagWords tags={token.tags} />
              </td>
              <td className="wrap">
                {token.profileId === undefined ? (
                  <span className="muted">as tags decide</span>
                ) : (
                  <bdi>{showText(token.profileName ?? token.profileId)}</bdi>
                )}
              </td>
              <td>
                <Ago time={token.createdAt} />
              </td>
              <td className="end">
                {onRevoke !== undefined && token.state === 'usable' && (
                  <Button
                    size="compact-sm"
                    variant="default"
                    loading={revoking === token.id}
                    aria-label={`Revoke ${token.description === '' ? token.id : showText(token.description)}`}
                    onClick={() => onRevoke(token.id)}
                  >
                    Revoke
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TokenState({ token: { state, expiresAt, revokedAt } }: { readonly token: EnrollmentToken }): ReactNode {
  const { zone } = usePreferences();
  if (state === 'usable') {
    return (
      <Mark outcome="success" title="Until then it lets hosts in.">
        ends in {formatAge((expiresAt - Date.now()) / 1_000)}
      </Mark>
    );
  }
  if (state === 'revoked') {
    return (
      <>
        ○ revoked <Ago time={revokedAt} />
      </>
    );
  }
  if (state === 'spent') return '○ used up';
  return (
    <>
      ○ ended <RowTime time={expiresAt} zone={zone} />
    </>
  );
}
