import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { markdown, markdownLanguage } from '@codemirror/lang-markdown';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, keymap, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { propertyLines } from './property-lines';

export interface MarkdownEditor {
	read(): string;
	length(): number;
	focus(): void;
	destroy(): void;
}

interface Options {
	readonly parent: HTMLElement;
	readonly text: string;
	readonly selection: { readonly from: number; readonly to: number };
	readonly readOnly: boolean;
	readonly label: string;
	readonly onedit: () => void;
}

export type CreateMarkdownEditor = (options: Options) => MarkdownEditor;

const faint = 'var(--text-faint)';

const highlight = HighlightStyle.define([
	{ tag: tags.heading1, fontSize: '1.375em', fontWeight: '650', letterSpacing: '-0.012em' },
	{ tag: tags.heading2, fontSize: '1.1875em', fontWeight: '650', letterSpacing: '-0.008em' },
	{ tag: [tags.heading3, tags.heading4, tags.heading5, tags.heading6], fontWeight: '650' },
	{ tag: tags.strong, fontWeight: '650' },
	{ tag: tags.emphasis, fontStyle: 'italic' },
	{ tag: tags.strikethrough, textDecoration: 'line-through' },
	{ tag: tags.link, color: 'var(--accent-text)' },
	{ tag: tags.url, color: faint },
	{ tag: tags.quote, color: 'var(--text-muted)' },
	{ tag: tags.monospace, fontFamily: 'var(--font-mono)', fontSize: '0.9em' },
	{ tag: [tags.processingInstruction, tags.contentSeparator, tags.meta], color: faint },
	{ tag: tags.comment, color: faint }
]);

const theme = EditorView.theme({
	'&': { backgroundColor: 'transparent', color: 'var(--text)', fontSize: '16px' },
	'&.cm-focused': { outline: 'none' },
	'.cm-scroller': { fontFamily: 'var(--font)', lineHeight: '1.6', overflowX: 'hidden' },
	'.cm-content': { padding: '0 0 30vh', caretColor: 'var(--text)' },
	'.cm-line': { padding: '0' },
	'.cm-placeholder': { color: faint },
	'.cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--text)' },
	'.cm-panels-top': { borderBottom: 'var(--hairline)' },
	'.cm-textfield, .cm-button': {
		border: '1px solid var(--edge)',
		borderRadius: 'var(--radius-s)',
		background: 'var(--raised)',
		color: 'var(--text)',
		fontSize: 'var(--text-s)'
	},
	'.cm-searchMatch': { backgroundColor: 'var(--lit)' },
	'.cm-searchMatch-selected': { outline: '2px solid var(--accent)' }
});

const extensions = ({ readOnly, label, onedit }: Options): Extension => [
	history(),
	search({ top: true }),
	keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
	markdown({ base: markdownLanguage }),
	syntaxHighlighting(highlight),
	theme,
	propertyLines,
	EditorView.lineWrapping,
	placeholder('Write here'),
	EditorView.contentAttributes.of({
		'aria-label': label,
		spellcheck: 'true',
		autocapitalize: 'sentences',
		autocorrect: 'on'
	}),
	EditorState.readOnly.of(readOnly),
	EditorView.editable.of(!readOnly),
	EditorView.updateListener.of((update) => {
		if (update.docChanged) onedit();
	})
];

/** CodeMirror for Markdown. This file is loaded only when a note is opened. */
export const createMarkdownEditor: CreateMarkdownEditor = (options) => {
	const { from, to } = options.selection;
	const state = EditorState.create({
		doc: options.text,
		selection: { anchor: from, head: to },
		extensions: extensions(options)
	});
	const view = new EditorView({ state, parent: options.parent });
	return {
		read: () => view.state.doc.toString(),
		length: () => view.state.doc.length,
		focus: () => view.focus(),
		destroy: () => view.destroy()
	};
};
