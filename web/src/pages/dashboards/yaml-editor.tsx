import { defaultKeymap, history, historyKeymap, insertNewlineKeepIndent } from '@codemirror/commands';
import { EditorState, Prec, type Range, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { type ReactNode, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import type { DashboardProblem } from '../../api/dashboards.ts';
import { typeOver } from '../../editor/type-over.ts';

/** What others may do with the editor. */
export interface YamlEditorHandle {
  /** Puts the cursor at a place of the text, and shows it. */
  readonly goTo: (offset: number) => void;
  /** Puts another text in the place of this one; it can be undone. */
  readonly setText: (text: string) => void;
}

interface YamlEditorProps {
  /** The text to begin with; later ones are set. */
  readonly initial: string;
  readonly problems: readonly DashboardProblem[];
  readonly onChange: (text: string) => void;
  readonly onSave: () => void;
  readonly ref?: Ref<YamlEditorHandle>;
}

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--panel)', fontSize: '13px', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--text)' },
  '.cm-line': { position: 'relative', padding: '0 8px 0 48px' },
  // Numbers of lines without the editor's own gutter: its code would weigh on Hunt, which shares the editor.
  '.cm-line::before': {
    content: 'attr(data-line)',
    position: 'absolute',
    left: '0',
    width: '36px',
    textAlign: 'right',
    color: 'var(--muted)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'var(--selected)',
  },
  '.yaml-key': { color: 'var(--qql-field)' },
  '.yaml-text': { color: 'var(--qql-value)' },
  '.yaml-comment': { color: 'var(--muted)', fontStyle: 'italic' },
  '.yaml-wrong': {
    textDecoration: 'underline wavy var(--outcome-denied)',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.yaml-wrong-line': { boxShadow: 'inset 3px 0 0 var(--outcome-denied)' },
});

const keyMark = Decoration.mark({ class: 'yaml-key' });
const textMark = Decoration.mark({ class: 'yaml-text' });
const commentMark = Decoration.mark({ class: 'yaml-comment' });
const wrongMark = Decoration.mark({ class: 'yaml-wrong' });
const wrongLine = Decoration.line({ class: 'yaml-wrong-line' });

/** Keys, texts in quotes and comments of the lines on the screen; whether YAML takes them so, the server says. */
const colours = ViewPlugin.define(
  (view) => ({
    decorations: decorate(view),
    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view);
    },
  }),
  { decorations: (plugin) => plugin.decorations },
);

function decorate(view: EditorView): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = view.state.doc.lineAt(at);
      ranges.push(Decoration.line({ attributes: { 'data-line': String(line.number) } }).range(line.from));
      const comment = /(?:^|\s)#/.exec(line.text);
      const key = /^[\s-]*([A-Za-z]+)(?=:)/.exec(line.text);
      if (key !== null) {
        const end = line.from + key[0].length;
        ranges.push(keyMark.range(end - (key[1] ?? '').length, end));
      }
      const text = /(["']).*\1\s*$/.exec(line.text);
      if (text !== null) ranges.push(textMark.range(line.from + text.index, line.to));
      else if (comment !== null) ranges.push(commentMark.range(line.from + comment.index, line.to));
      at = line.to + 1;
    }
  }
  return Decoration.set(ranges, true);
}

const setProblems = StateEffect.define<readonly DashboardProblem[]>();

const problemMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    let next = marks.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setProblems)) continue;
      const { doc } = transaction.state;
      const ranges = effect.value.flatMap(({ offset, length }) => {
        const from = Math.min(offset, doc.length);
        const to = Math.min(from + Math.max(1, length), doc.length);
        const line = wrongLine.range(doc.lineAt(from).from);
        return from < to ? [line, wrongMark.range(from, to)] : [line];
      });
      next = Decoration.set(ranges, true);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * An editor of YAML, with the lines marked where something is wrong. As the query editor it lives in a shadow root. Tab
 * leaves it, so that nobody is caught; Ctrl-] indents.
 */
export function YamlEditor({ ref, ...props }: YamlEditorProps): ReactNode {
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(undefined);
  const current = useRef(props);
  current.current = props;

  useImperativeHandle(
    ref,
    () => ({
      goTo(offset) {
        const view = editor.current;
        if (view === undefined) return;
        const at = Math.min(offset, view.state.doc.length);
        view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
        view.focus();
      },
      setText(text) {
        const view = editor.current;
        view?.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
      },
    }),
    [],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: made once; what comes later comes through the handle
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: props.initial,
        extensions: [
          history(),
          drawSelection(),
          typeOver,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': 'Dashboard as YAML',
            tabindex: '0',
            spellcheck: 'false',
            autocapitalize: 'off',
          }),
          Prec.highest(
            keymap.of([
              { key: 'Enter', run: insertNewlineKeepIndent },
              {
                key: 'Mod-s',
                run: () => {
                  current.current.onSave();
                  return true;
                },
              },
            ]),
          ),
          keymap.of([...historyKeymap, ...defaultKeymap]),
          colours,
          problemMarks,
          theme,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) current.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    editor.current = view;
    return () => {
      view.destroy();
      editor.current = undefined;
    };
  }, []);

  const { problems } = props;
  useEffect(() => editor.current?.dispatch({ effects: setProblems.of(problems) }), [problems]);

  return <div ref={host} className="yaml-editor" />;
}
