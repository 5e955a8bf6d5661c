import { Button } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { getAllTokens, getUsers, revokeToken } from '../../api/people.ts';
import { countOf } from '../../parts/format.ts';
import { useMay } from '../../parts/own-session.tsx';
import { Pages } from '../../parts/pages.tsx';
import { ProblemLine } from '../../parts/problem-line.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { ShownOnce } from '../../parts/shown-once.tsx';
import { Bones, Empty, Failure } from '../../parts/states.tsx';
import { TokenTable } from '../token-table.tsx';
import { NewUser } from './new-user.tsx';
import type { ShownLink } from './shown-link.ts';
import { UserRow } from './user-row.tsx';
import '../people.css';

const pageUsers = 100;

/** Who may sign in, and what each may do. */
export function UsersPage(): ReactNode {
  const may = useMay('users:write');
  const [search, setSearch] = useState('');
  const [page, setPage] = useState(0);
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState<ShownLink>();
  const users = useQuery({
    queryKey: ['users', search, page],
    queryFn: ({ signal }) => getUsers(search, page * pageUsers, pageUsers, signal),
    placeholderData: keepPreviousData,
  });
  const total = users.data?.total ?? 0;
  return (
    <div className="page people">
      <div className="page-head">
        <h1>Users</h1>
        {may && (
          <div className="actions">
            <Button aria-expanded={open} onClick={() => setOpen(!open)}>
              New user
            </Button>
          </div>
        )}
      </div>
      <p className="page-lead">
        Who may sign in. A viewer looks; an analyst also saves, exports and watches live; an engineer also sets up
        agents and tries dead letters again; an administrator does everything.
      </p>
      {shown !== undefined && (
        <ShownOnce title={`Link for ${shown.name}`} text={shown.link} onDone={() => setShown(undefined)}>
          Give it to the person, and to nobody else: whoever opens it first chooses the password. It works once, for
          seven days, and is not shown again.
        </ShownOnce>
      )}
      {open && (
        <NewUser
          onMade={(link) => {
            setShown(link);
            setOpen(false);
          }}
        />
      )}
      <section className="panel" aria-label="Users">
        <div className="body line">
          <SearchField
            name="Search for a name"
            value={search}
            onSearch={(text) => {
              setSearch(text);
              setPage(0);
            }}
          />
          <span className="muted">{users.data !== undefined && countOf(total, 'user')}</span>
        </div>
        {users.error !== null ? (
          <Failure error={users.error} what="The users cannot be shown" retry={() => void users.refetch()} />
        ) : users.data === undefined ? (
          <Bones rows={5} />
        ) : total === 0 ? (
          <Empty title={search === '' ? 'No users yet' : 'Nobody has such a name'}>
            {search === '' && <p className="muted">Make one for each person, so that what is done has a name.</p>}
          </Empty>
        ) : (
          <div className="scroll-x">
            <table className="plain-table">
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Role</th>
                  <th>Signs in with</th>
                  <th>Last sign-in</th>
                  <th>
                    <span className="unseen">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {users.data.users.map((user) => (
                  <UserRow key={user.id} user={user} may={may} onLink={setShown} />
                ))}
              </tbody>
            </table>
          </div>
        )}
        {total > pageUsers && <Pages page={page} isLast={(page + 1) * pageUsers >= total} onPage={setPage} />}
      </section>
      <AllTokens names={new Map((users.data?.users ?? []).map(({ id, name }) => [id, name]))} />
    </div>
  );
}

function AllTokens({ names }: { readonly names: ReadonlyMap<string, string> }): ReactNode {
  const client = useQueryClient();
  const tokens = useQuery({ queryKey: ['all-tokens'], queryFn: ({ signal }) => getAllTokens(signal) });
  const revoke = useMutation({
    mutationFn: revokeToken,
    onSuccess: () => client.invalidateQueries({ queryKey: ['all-tokens'] }),
  });
  if (tokens.data !== undefined && tokens.data.length === 0) return null;
  return (
    <section className="panel" aria-label="API tokens of all">
      <header>
        <h2>API tokens of all</h2>
      </header>
      <ProblemLine error={revoke.error} />
      {tokens.error !== null ? (
        <Failure error={tokens.error} what="The tokens cannot be shown" retry={() => void tokens.refetch()} />
      ) : tokens.data === undefined ? (
        <Bones rows={2} />
      ) : (
        <TokenTable tokens={tokens.data} owners={names} onRevoke={(id) => revoke.mutate(id)} />
      )}
    </section>
  );
}
