import type { Command } from './command';
import { counted } from './text-table';

const noteMap: Command = {
	name: 'note_map',
	usage: 'note_map',
	summary: 'Lays the notes out in a plane by meaning, as the map shows them.',
	run: async (_args, { noteMaps }) => {
		const { model, notes, embedded, isSample, wasKept } = await noteMaps.load();
		const sample = isSample ? `, a sample of ${embedded.toLocaleString('en')}` : '';
		return {
			text: `${counted(notes.length, 'note')} on the map${sample}; ${wasKept ? 'kept from before' : 'laid out now'}.`,
			data: {
				...{ model, embedded, wasKept },
				points: notes.map(({ id, title, x, y }) => ({ noteId: id, title, x, y }))
			}
		};
	}
};

export const mapCommands: readonly Command[] = [noteMap];
