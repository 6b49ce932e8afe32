import { renderSlices } from '$lib/components/notes/render-markdown';
import type { BackupNote } from './open-backup';

export interface NoteViewParts {
	/** Takes the Markdown as it is drawn. */
	readonly drawn: HTMLElement;
	/** Takes the text as it was written. */
	readonly written: HTMLElement;
	readonly toggle: HTMLButtonElement;
	/** The note of that title, for `[[links]]`. */
	readonly findNote: (title: string) => BackupNote | null;
	readonly open: (note: BackupNote) => void;
}

export interface NoteView {
	show(text: string): void;
}

/** The text of a note, drawn or as it was written. */
export const createNoteView = (parts: NoteViewParts): NoteView => {
	const { drawn, written, toggle } = parts;
	let isWritten = false;
	const choose = (next: boolean): void => {
		isWritten = next;
		drawn.hidden = isWritten;
		written.hidden = !isWritten;
		toggle.setAttribute('aria-pressed', String(isWritten));
	};
	toggle.addEventListener('click', () => choose(!isWritten));
	let last = 0;
	return {
		show(text) {
			last += 1;
			const shown = last;
			written.textContent = text;
			toggle.hidden = false;
			choose(isWritten);
			draw(parts, text, () => shown === last).catch(() => {
				// A text that the renderer cannot take is still there as it was written.
				toggle.hidden = true;
				drawn.hidden = true;
				written.hidden = false;
			});
		}
	};
};

/** A piece for each frame: the first is there at once, and a long note holds up nothing. */
const draw = async (
	{ drawn, findNote, open }: NoteViewParts,
	text: string,
	isShown: () => boolean
): Promise<void> => {
	drawn.replaceChildren();
	for (const slice of renderSlices(text)) {
		if (!isShown()) return;
		linkNotes(slice, findNote, open);
		drawn.append(slice);
		await new Promise(requestAnimationFrame);
	}
};

const linkNotes = (
	slice: DocumentFragment,
	findNote: NoteViewParts['findNote'],
	open: NoteViewParts['open']
): void => {
	for (const link of slice.querySelectorAll<HTMLElement>('[data-wikilink]')) {
		const note = findNote(link.dataset.wikilink?.split('/').at(-1) ?? '');
		if (!note) continue;
		link.setAttribute('href', '#note');
		link.removeAttribute('target');
		link.addEventListener('click', (event) => {
			event.preventDefault();
			open(note);
		});
	}
};
