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

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How the key of commands is called on this machine. */
export const commandKey = isApple ? '⌘' : 'Ctrl';

/** Ctrl with a letter, or ⌘ where that is the key of commands: Ctrl+K edits text on a Mac. */
export const isCommandKey = (event: KeyboardEvent, letter: string): boolean =>
	event.key.toLowerCase() === letter &&
	!event.isComposing &&
	!event.altKey &&
	!event.shiftKey &&
	(isApple ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey);

export interface Shortcut {
	readonly keys: readonly string[];
	readonly does: string;
	/** Works without another key, outside of fields; can be turned off. */
	readonly isSingle?: boolean;
}

export const shortcuts: readonly Shortcut[] = [
	{ keys: [commandKey, 'K'], does: 'Command palette: notes, pages, actions' },
	{ keys: [commandKey, 'N'], does: 'New note, where the browser leaves this key free' },
	{ keys: ['/'], does: 'Search', isSingle: true },
	{ keys: ['n'], does: 'New note, from the list', isSingle: true },
	{ keys: ['?'], does: 'Show these keys', isSingle: true },
	{ keys: ['↑', '↓'], does: 'Move in the list and among results' },
	{ keys: ['Enter'], does: 'Open; in the title: go on to the text' },
	{ keys: ['Delete'], does: 'Move the note of the list to the trash' },
	{ keys: ['Esc'], does: 'Clear the search, close what floats' }
];
