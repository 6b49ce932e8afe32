import { healthReportTag } from '$lib/domain/health-report';
import { changeNote, isConflict } from '$lib/domain/note-change';
import type { Note, NoteSummary } from '$lib/domain/note';
import {
	createHealthReportService,
	type HealthReportDeps
} from '$lib/services/health-report-service';
import { dayMs } from '$lib/shared/time';
import { expect, test } from 'vitest';
import { createFakeClock } from '../../support/fake-clock';
import { aCheck, createFakeHealth } from '../../support/maintenance-services';

const open = (notified = true) => {
	const clock = createFakeClock();
	const kept: Note[] = [];
	const files: string[] = [];
	const settings = new Map<string, unknown>();
	const notices: string[] = [];
	const notes: Partial<HealthReportDeps['notes']> = {
		list: ({ tag }) => {
			const found = kept.filter(({ tags }) => tag === undefined || tags.includes(tag));
			return Promise.resolve({
				notes: found as unknown as readonly NoteSummary[],
				total: found.length
			});
		},
		get: (id) => Promise.resolve(kept.find((note) => note.id === id) ?? null),
		create: (draft = {}) => {
			const note = {
				...{ id: `n${kept.length}`, title: '', body: '', path: '', pinned: false, tags: [] },
				...{ createdAtMs: clock.now(), updatedAtMs: clock.now(), trashedAtMs: null },
				...draft
			};
			kept.push(note);
			return Promise.resolve(note);
		},
		save: (id, change, base) => {
			const at = kept.findIndex((note) => note.id === id);
			const stored = kept[at] as Note;
			const note = changeNote(stored, change, clock.now());
			kept[at] = note;
			if (!isConflict(stored, note, base)) return Promise.resolve({ note, conflictCopyId: null });
			kept.push({ ...stored, id: 'other' });
			return Promise.resolve({ note, conflictCopyId: 'other' });
		}
	};
	const reports = createHealthReportService({
		notes: notes as HealthReportDeps['notes'],
		health: createFakeHealth([[aCheck()]]),
		metrics: { sample: () => Promise.resolve(), trend: () => Promise.resolve([]) },
		tasks: () => Promise.resolve([]),
		reminders: {
			notify: (_kind, _title, body) => {
				if (notified) notices.push(body);
				return Promise.resolve(notified);
			}
		},
		settings: {
			get: (key) => Promise.resolve(settings.get(key)),
			set: (key, value) => Promise.resolve(void settings.set(key, value))
		},
		saveFile: (_, name) => void files.push(name),
		now: clock.now
	});
	return { reports, kept, files, notices, clock, save: notes.save };
};

test('the report is a note with its tag, a file, a mail and a notification', async () => {
	const { reports, kept, files, notices } = open();
	expect(await reports.newest()).toBeNull();
	expect(await reports.download()).toBeNull();
	expect(await reports.mailAddress()).toBeNull();
	const written = await reports.write();
	expect(kept).toMatchObject([{ id: written.noteId, tags: [healthReportTag] }]);
	expect(written.notified).toBe(true);
	expect(notices).toEqual(['1 check ran; all fine.']);
	expect(await reports.newest()).toMatchObject({ title: 'Health report, 12 May 2026' });
	expect(await reports.download()).toEqual({ fileName: 'ai-notes-health-report-2026-05-12.md' });
	expect(files).toHaveLength(1);
	expect(await reports.mailAddress()).toContain('mailto:?subject=Health%20report');
});

test('a second report of a day takes the place of the first; another day gets its own', async () => {
	const { reports, kept, clock } = open(false);
	await reports.write();
	expect((await reports.write()).notified).toBe(false);
	expect(kept).toHaveLength(1);
	clock.advance(7 * dayMs);
	await reports.write();
	expect(kept.map(({ title }) => title)).toEqual([
		'Health report, 12 May 2026',
		'Health report, 19 May 2026'
	]);
});

test('what the user wrote into a report stays when another is made on the same day', async () => {
	const { reports, kept, clock, save } = open();
	await reports.write();
	clock.advance(60_000);
	const { noteId } = await reports.write();
	expect(kept).toHaveLength(1);
	await save?.(noteId, { body: 'Ask the neighbour about the disk.' }, null);
	await reports.write();
	expect(kept).toHaveLength(2);
	expect(kept[0]?.body).toBe('Ask the neighbour about the disk.');
	await reports.write();
	expect(kept).toHaveLength(2);
});
