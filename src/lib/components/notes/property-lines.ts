import { splitProperties } from '$lib/domain/note-file';
import { StateField, type EditorState, type Extension } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';

/** Longer blocks are drawn as text: nobody writes them by hand, and each key would look at them. */
const longestBlock = 4_000;

const quiet = Decoration.line({ class: 'cm-property' });

const decorate = ({ doc }: EditorState): DecorationSet => {
	const start = doc.sliceString(0, longestBlock);
	const parts = splitProperties(start);
	if (!parts) return Decoration.none;
	const last = doc.lineAt(start.length - parts.rest.length - 1).number;
	const lines = Array.from({ length: last }, (_, index) => doc.line(index + 1));
	return Decoration.set(lines.map(({ from }) => quiet.range(from)));
};

const field = StateField.define<DecorationSet>({
	create: decorate,
	update: (lines, { docChanged, state }) => (docChanged ? decorate(state) : lines),
	provide: (lines) => EditorView.decorations.from(lines)
});

/** Makes the properties at the top of an imported note quieter than its text. */
export const propertyLines: Extension = [
	field,
	EditorView.theme({
		'.cm-property, .cm-property *': {
			color: 'var(--text-faint)',
			fontFamily: 'var(--font-mono)',
			fontSize: '13px',
			fontWeight: '400',
			letterSpacing: 'normal'
		}
	})
];
