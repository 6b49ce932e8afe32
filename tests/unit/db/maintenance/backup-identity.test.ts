import type { Notebook } from '$lib/db/maintenance/notebook';
import type { EncryptionChoice } from '$lib/domain/backup-encryption';
import { cleanBody, cleanTitle } from '$lib/domain/note-text';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openInNode, readNotes, silent, writeNote } from '../../../support/node-notebook';
import { bootEngine } from '../../power-cut/boot-engine';
import { createRandom, installFakeDisk } from '../../power-cut/fake-disk';

vi.mock('$lib/db/sqlite/engine', () => ({
	loadEngine: () => bootEngine(),
	sqliteVersion: () => 'under test'
}));

beforeAll(() => {
	installFakeDisk(createRandom(1));
});

const order = { kind: 'manual', label: '', pinned: false } as const;
const oddities = [
	'\u202Eright to left',
	'e\u0301 and \u00e9',
	'👩‍👩‍👧‍👦🏳️‍🌈',
	'\ud800 half a pair',
	'\u0000\u0001\u001f',
	'\ufeff\u200b\u2028\u2029',
	"'; DROP TABLE notes; --",
	'𝔘𝔫𝔦𝔠𝔬𝔡𝔢 日本語 ไทย עברית',
	'\uffff\ufffd\u{10ffff}'
];
const anyText = fc
	.array(fc.oneof(fc.constantFrom(...oddities), fc.string({ unit: 'binary', maxLength: 60 })), {
		maxLength: 6
	})
	.map((parts) => parts.join(' '));
const anyNote = fc.record({ title: anyText, body: anyText });

interface Sample {
	readonly notes: readonly { readonly title: string; readonly body: string }[];
	/** How often the notes stand in the notebook. */
	readonly times: number;
	readonly edits: readonly { readonly title: string; readonly body: string }[];
}

const anySample: fc.Arbitrary<Sample> = fc.record({
	notes: fc.array(anyNote, { maxLength: 12 }),
	times: fc.integer({ min: 0, max: 12 }),
	edits: fc.array(anyNote, { minLength: 1, maxLength: 3 })
});

let written = 0;
const write = (notebook: Notebook, notes: Sample['notes'], times = 1): void =>
	notebook.database.transaction(() => {
		for (let time = 0; time < times; time += 1) {
			for (const { title, body } of notes) {
				written += 1;
				const texts = { title: cleanTitle(title), body: cleanBody(body) };
				writeNote(notebook, { id: `n${written}`, ...texts });
			}
		}
	});

const hashOf = (notebook: Notebook): string => JSON.stringify(readNotes(notebook));

/** Backs up while notes are written, changed and removed, then restores. */
const roundTrip = async (notebook: Notebook, { notes, times, edits }: Sample): Promise<void> => {
	notebook.database.run('DELETE FROM notes');
	write(notebook, notes, times);
	const atCopy = { notes: hashOf(notebook), count: notes.length * times };
	let steps = 0;
	const made = await notebook.backups.createBackup(order, ({ step }) => {
		steps += 1;
		// The copy is taken right after its announcement; everything later is an edit during the backup.
		if (step === 'Copying the notebook') return;
		notebook.database.run('DELETE FROM notes WHERE seq = (SELECT min(seq) FROM notes)');
		write(notebook, edits);
	});
	expect(steps).toBeGreaterThan(3);
	if (made.kind === 'quarantined') await notebook.backups.resolveQuarantine(made.name, true);
	expect(made).toMatchObject({ verified: true, notes: atCopy.count });
	const today = hashOf(notebook);
	expect(today).not.toBe(atCopy.notes);

	const { restored, restorePoint } = await notebook.backups.restoreBackup(made.name, silent);
	expect(hashOf(notebook)).toBe(atCopy.notes);
	expect(restored.contentHash).toBe(made.contentHash);
	const again = await notebook.backups.createBackup(order, silent);
	expect(again.contentHash).toBe(made.contentHash);
	// And what was written during the backup is in the restore point, down to the last stroke.
	await notebook.backups.restoreBackup(restorePoint, silent);
	expect(hashOf(notebook)).toBe(today);
	for (const { name } of (await notebook.backups.listBackups()).backups) {
		await notebook.backups.deleteBackup(name);
	}
};

describe.each<[string, EncryptionChoice]>([
	['plain', { mode: 'off' }],
	['encrypted', { mode: 'passphrase', passphrase: 'correct horse battery' }]
])('backup then restore, %s', (word, choice) => {
	it('gives back exactly the notes of the moment it began, whatever is written meanwhile', async () => {
		const notebook = await openInNode(`identity-${word}`);
		await notebook.backups.setBackupEncryption(choice);
		await fc.assert(
			fc.asyncProperty(anySample, async (sample) => roundTrip(notebook, sample)),
			{
				seed: 20_260_512,
				numRuns: 12,
				examples: [[{ notes: [], times: 0, edits: [{ title: '', body: 'x' }] }]]
			}
		);
	}, 120_000);

	it('does so for five thousand notes', async () => {
		const notebook = await openInNode(`identity-many-${word}`);
		await notebook.backups.setBackupEncryption(choice);
		const notes = oddities.concat('plain').map((text) => ({ title: text, body: `${text} again` }));
		await roundTrip(notebook, { notes, times: 500, edits: [{ title: 'late', body: 'edit' }] });
	}, 120_000);
});
