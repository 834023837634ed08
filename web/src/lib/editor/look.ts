/** How the editor looks; colours and fonts are the tokens of the client. */
import { EditorView } from '@codemirror/view';

export const look = EditorView.theme({
  '&': { height: '100%', fontSize: '16px', color: 'var(--ink)', background: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--font-interface)',
    lineHeight: '1.6',
    overflow: 'auto',
    justifyContent: 'center'
  },
  '.cm-content': {
    maxWidth: 'min(72ch, 100%)',
    padding: '4px 28px 40vh',
    caretColor: 'var(--accent)',
    letterSpacing: '-0.003em'
  },
  '.cm-line': { padding: '0', textAlign: 'start' },
  '.cm-cursor': { borderInlineStart: '2px solid var(--accent)', marginInlineStart: '-1px' },
  '.cm-selectionBackground': { background: 'color-mix(in oklch, var(--accent) 16%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    background: 'color-mix(in oklch, var(--accent) 24%, transparent)'
  },
  '.cm-placeholder': { color: 'var(--ink-faint)' },
  '.cm-selectionMatch': { background: 'color-mix(in oklch, var(--accent) 10%, transparent)' },
  '.cm-searchMatch': {
    background: 'color-mix(in oklch, var(--warning) 26%, transparent)',
    borderRadius: '2px'
  },
  '.cm-searchMatch-selected': { background: 'color-mix(in oklch, var(--warning) 55%, transparent)' },
  '.cm-inline-code': { background: 'var(--hover)', borderRadius: '4px', padding: '2px 4px' },
  '.cm-code-line': {
    background: 'var(--hover)',
    fontFamily: 'var(--font-code)',
    fontSize: '14px',
    paddingInline: '12px'
  },
  '.cm-table-line': { fontFamily: 'var(--font-code)', fontSize: '14px', whiteSpace: 'pre-wrap' },
  '.cm-note-link': { color: 'var(--accent-ink)', background: 'var(--accent-soft)', borderRadius: '4px' },
  '.cm-upload': {
    padding: '1px 8px',
    borderRadius: '6px',
    background: 'var(--hover)',
    color: 'var(--ink-muted)',
    fontSize: '13px'
  },
  '.cm-mention': {
    padding: '1px 5px',
    borderRadius: '6px',
    background: 'var(--accent-soft)',
    color: 'var(--accent-ink)',
    fontWeight: '550'
  },
  '.cm-tooltip.cm-proposals': {
    overflow: 'hidden',
    border: '0',
    borderRadius: '10px',
    background: 'var(--raised)',
    boxShadow: 'var(--float)'
  },
  '.cm-tooltip.cm-proposals > ul': {
    maxHeight: '260px',
    minWidth: '200px',
    padding: '4px',
    fontFamily: 'var(--font-interface)'
  },
  '.cm-tooltip.cm-proposals > ul > li': {
    padding: '6px 8px',
    borderRadius: '7px',
    fontSize: '13px',
    lineHeight: '20px'
  },
  '.cm-tooltip.cm-proposals > ul > li[aria-selected]': { background: 'var(--active)', color: 'var(--ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '650' },
  '.cm-quote-line': { borderInlineStart: '3px solid var(--line-strong)', paddingInlineStart: '12px' },
  '.cm-task-box': {
    width: '16px',
    height: '16px',
    margin: '0 2px',
    verticalAlign: '-2px',
    accentColor: 'var(--accent)',
    cursor: 'pointer'
  },
  '.cm-task-done': { color: 'var(--ink-muted)', textDecoration: 'line-through' },
  '.cm-panels': { background: 'var(--raised)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-panels.cm-panels-top': { borderBlockEnd: '1px solid var(--line)' },
  '.cm-panel.cm-search': {
    padding: '8px 48px 8px 28px',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: '6px',
    font: '13px/18px var(--font-interface)'
  },
  '.cm-panel.cm-search br': { flexBasis: '100%', content: '""' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '4px', fontSize: '13px' },
  '.cm-panel.cm-search input[type=checkbox]': { accentColor: 'var(--accent)', margin: '0' },
  '.cm-textfield': {
    height: '32px',
    margin: '0',
    padding: '0 8px',
    border: '1px solid var(--field-line)',
    borderRadius: '8px',
    background: 'var(--surface)',
    fontSize: '13px'
  },
  '.cm-button': {
    minHeight: '32px',
    margin: '0',
    padding: '0 10px',
    border: '1px solid var(--line-strong)',
    borderRadius: '8px',
    background: 'var(--raised)',
    backgroundImage: 'none',
    fontSize: '13px'
  },
  '.cm-panel.cm-search [name=close]': {
    insetBlockStart: '8px',
    insetInlineEnd: '8px',
    width: '32px',
    height: '32px',
    fontSize: '20px',
    borderRadius: '8px'
  },
  '@media (max-width: 40rem)': { '.cm-content': { paddingInline: '16px' } }
});
