import type { ReactNode } from 'react';
import type { ProfileNotice } from '../../api/fleet-profiles.ts';
import { showText } from '../../parts/show-characters.ts';

/** What the server says of a part of a profile, beside it. */
export function RowNotices({ notices }: { readonly notices: readonly ProfileNotice[] }): ReactNode {
  return notices.map(({ code, field, weight, sentence, hint }) => (
    <p key={`${code} ${field}`} role="status" className={weight === 'refused' ? 'outcome-denied' : 'outcome-partial'}>
      <span aria-hidden="true">{weight === 'refused' ? '■ ' : '◐ '}</span>
      <bdi>{showText(sentence)}</bdi> <span className="muted">{hint}</span>
    </p>
  ));
}
