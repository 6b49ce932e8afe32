import type { LookEntry, LookNote } from '$lib/domain/backup-look';
import type { BackupVisit, TimeMachineService } from '$lib/services/time-machine';
import { aNote } from './fake-notebook';

const entry = (id: string, state: LookEntry['state'], title: string): LookEntry => ({
	id,
	title,
	state,
	updatedAtMs: Date.UTC(2026, 4, 11),
	snippet: []
});

const entries = [
	entry('gone', 'deleted', 'Garden'),
	entry('changed', 'changed', 'Bicycle'),
	entry('new', 'added', 'Knitting')
];

const notes: Readonly<Record<string, LookNote>> = {
	gone: { id: 'gone', then: aNote({ body: 'Slugs.' }), now: null, damaged: false },
	changed: {
		id: 'changed',
		then: aNote({ title: 'Bicycle', body: 'The chain needs oil.', tags: ['old'] }),
		now: aNote({ title: 'Bicycle', body: 'The chain needs care.', tags: ['new'] }),
		damaged: false
	}
};

/** One backup with a note of each kind. `calls` tells what was asked, in order. */
export const createFakeTimeMachine = () => {
	const calls: string[] = [];
	const visit = (name: string): BackupVisit => ({
		report: { lookId: 'look-1', name, notes: 2, findings: [] },
		list: ({ state, words }) => {
			const found = entries.filter(
				(one) =>
					(state === 'all' || one.state === state) &&
					one.title.toLowerCase().includes(words.toLowerCase())
			);
			const counts = { added: 1, changed: 1, deleted: 1, same: 0 };
			return Promise.resolve({ entries: found, total: found.length, counts });
		},
		note: (id) => Promise.resolve(notes[id] ?? { id, then: null, now: null, damaged: false }),
		bringBack: (ids, asCopies) => {
			calls.push(`bring back ${ids.join(' ')}${asCopies ? ' as copies' : ''}`);
			return Promise.resolve(
				ids.map((id) => ({ id, updatedAtMs: 1, before: null, healed: false }))
			);
		},
		close: () => {
			calls.push('close');
			return Promise.resolve();
		}
	});
	const service: TimeMachineService = {
		open: (name) => {
			calls.push(`open ${name}`);
			return Promise.resolve(visit(name));
		},
		undo: (put) => {
			calls.push(`undo ${put.length}`);
			return Promise.resolve({ undone: put.length - 1, leftAlone: ['changed'] });
		},
		onChanged: () => () => undefined
	};
	return { service, calls };
};
