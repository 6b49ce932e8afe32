const writing =
	'input, textarea, select, [contenteditable="true"], .cm-editor, [role="dialog"], [role="menu"]';

/** A single key, pressed where nobody writes (WCAG 2.1.4). */
export const isPlainKey = (event: KeyboardEvent, key: string): boolean =>
	event.key === key &&
	!event.isComposing &&
	!event.defaultPrevented &&
	!event.ctrlKey &&
	!event.metaKey &&
	!event.altKey &&
	!(event.target instanceof Element && event.target.closest(writing));

export interface Shortcut {
	readonly keys: readonly string[];
	readonly does: string;
}

export const shortcuts: readonly Shortcut[] = [
	{ keys: ['/'], does: 'Search' },
	{ keys: ['n'], does: 'New note, from the list' },
	{ keys: ['Ctrl or ⌘', 'N'], does: 'New note, where the browser leaves this key free' },
	{ keys: ['↑', '↓'], does: 'Move in the list and among results' },
	{ keys: ['Enter'], does: 'Open; in the title: go on to the text' },
	{ keys: ['Delete'], does: 'Move the note of the list to the trash' },
	{ keys: ['Esc'], does: 'Clear the search' },
	{ keys: ['?'], does: 'Show these keys' }
];
