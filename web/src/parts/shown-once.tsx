import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { copyText } from './copy.ts';
import './shown-once.css';

/** Something that is never shown again: a link, a token, codes. */
export function ShownOnce({
  title,
  text,
  children,
  onDone,
}: {
  readonly title: string;
  readonly text: string;
  /** What to do with it. */
  readonly children: ReactNode;
  readonly onDone: () => void;
}): ReactNode {
  const [said, setSaid] = useState('');
  return (
    <section className="shown-once" aria-label={title}>
      <h2>{title}</h2>
      <p>{children}</p>
      <pre>{text}</pre>
      <div className="page-head">
        <Button
          size="xs"
          onClick={() => void copyText(text).then((done) => setSaid(done ? 'Copied.' : 'Select and copy it.'))}
        >
          Copy
        </Button>
        <Button size="xs" variant="default" onClick={onDone}>
          I have it
        </Button>
        <span role="status" className="muted">
          {said}
        </span>
      </div>
    </section>
  );
}
