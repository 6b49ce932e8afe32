import type { BackupList, BackupManifest } from '$lib/domain/backup';
import type { IntegrityPartReport } from '$lib/domain/database-report';
import { worstStatus, type HealthStatus, type Reading } from '$lib/domain/health';
import { checkOpening, checkParts } from '$lib/domain/health-database';
import {
	checkClock,
	checkFreeSpace,
	checkModel,
	checkPersistence,
	checkServiceWorker,
	type ModelFacts
} from '$lib/domain/health-device';
import { checkBackupAge, checkEmbeddings, type IndexingFacts } from '$lib/domain/health-upkeep';
import { dayMs, hourMs, minuteMs } from '$lib/shared/time';
import { describe, expect, test } from 'vitest';

const nowMs = Date.UTC(2026, 4, 12, 9, 30);

const read = <T>(value: T): Reading<T> => ({ ok: true, value, durationMs: 1 });
const unread: Reading<never> = {
	ok: false,
	code: 'db-closed',
	reason: 'The notebook is not open in this tab.',
	durationMs: 1
};

const aBackup = (ageMs: number, change: Partial<BackupManifest> = {}): BackupManifest => ({
	formatVersion: 1,
	name: `ai-notes-${ageMs}.sqlite3`,
	createdAtMs: nowMs - ageMs,
	kind: 'manual',
	label: '',
	pinned: false,
	encrypted: false,
	sizeBytes: 1,
	sha256: '',
	counts: {},
	contentHash: '',
	notes: 3,
	embeddings: 0,
	schemaVersion: 1,
	appVersion: '',
	model: '',
	verified: true,
	verifiedAtMs: nowMs,
	findings: [],
	durationMs: 1,
	...change
});

describe('age of the newest verified backup', () => {
	const judge = (
		backups: BackupManifest[],
		notebookAgeMs: number | null,
		more: { frozen?: boolean; notes?: number } = {}
	) => {
		const list: BackupList = { keep: 10, frozen: more.frozen ?? false, backups };
		const createdAtMs = notebookAgeMs === null ? null : nowMs - notebookAgeMs;
		return checkBackupAge(read(list), { nowMs, createdAtMs, notes: more.notes ?? 3 });
	};

	test.each<[string, BackupManifest[], number | null, HealthStatus]>([
		['a notebook of an hour has a day for its first backup', [], hourMs, 'ok'],
		['a notebook of two days without one needs you', [], 2 * dayMs, 'warning'],
		['a notebook of eight days without one is failing', [], 8 * dayMs, 'failing'],
		['a notebook that does not open has no grace', [], null, 'failing'],
		['a backup of yesterday is fine', [aBackup(dayMs)], 90 * dayMs, 'ok'],
		['a backup of three days needs you', [aBackup(3 * dayMs)], 90 * dayMs, 'warning'],
		['a backup of eight days is failing', [aBackup(8 * dayMs)], 90 * dayMs, 'failing'],
		[
			'one that was not verified does not count',
			[aBackup(hourMs, { verified: false })],
			90 * dayMs,
			'failing'
		],
		[
			'one that was put aside does not count',
			[aBackup(hourMs, { kind: 'quarantined' })],
			90 * dayMs,
			'failing'
		],
		['one dated ahead is not believed', [aBackup(-30 * dayMs)], 90 * dayMs, 'warning']
	])('%s', (_, backups, notebookAgeMs, status) => {
		expect(judge(backups, notebookAgeMs).status).toBe(status);
	});

	test('what needs you comes with the way to do it', () => {
		expect(judge([aBackup(3 * dayMs)], 90 * dayMs).fix).toBe('back-up-now');
		expect(judge([aBackup(hourMs)], 90 * dayMs).fix).toBeNull();
	});

	test('an old notebook without notes has nothing to lose', () => {
		expect(judge([], 90 * dayMs, { notes: 0 }).status).toBe('ok');
	});

	test('a snapshot that shrank asks for an answer even when it is fresh', () => {
		const check = judge([aBackup(hourMs)], 90 * dayMs, { frozen: true });
		expect(check).toMatchObject({ status: 'warning', fix: 'review-backups' });
	});
});

describe('integrity', () => {
	const aPart = (
		part: IntegrityPartReport['part'],
		findings: string[] = []
	): IntegrityPartReport => ({
		part,
		status: findings.length === 0 ? 'ok' : 'damaged',
		checked: 7,
		findings,
		durationMs: 3
	});

	test('a changed letter is failing, named, and offers the restore', () => {
		const checks = checkParts(
			['structure', 'note-hashes'],
			read([aPart('structure'), aPart('note-hashes', ['Note x does not match its hash.'])])
		);
		expect(worstStatus(checks)).toBe('failing');
		expect(checks[1]).toMatchObject({
			status: 'failing',
			value: 'Note x does not match its hash.',
			fix: 'restore-backup',
			durationMs: 3
		});
	});

	test('a stale word index alone costs no note and is made anew', () => {
		const [, fullText] = checkParts(
			['note-hashes', 'full-text'],
			read([aPart('note-hashes'), aPart('full-text', ['stale'])])
		);
		expect(fullText).toMatchObject({ status: 'warning', fix: 'rebuild-index' });
	});

	test('an index is never made anew from damaged notes', () => {
		const [, fullText] = checkParts(
			['note-hashes', 'full-text'],
			read([aPart('note-hashes', ['changed']), aPart('full-text', ['stale'])])
		);
		expect(fullText).toMatchObject({ status: 'failing', fix: 'restore-backup' });
	});

	test('a check that threw because of damage is failing, not "did not run"', () => {
		const damage: Reading<never> = { ...unread, code: 'db-damaged', reason: 'file is malformed' };
		const [check] = checkParts(['structure'], damage);
		expect(check).toMatchObject({ status: 'failing', fix: 'restore-backup' });
		expect(check?.value).toBe('not available: file is malformed');
		expect(check?.message).toBe(
			'The file is too damaged to be read here. Your backups are separate files: restore the newest verified one.'
		);
	});

	test('a check that damage stopped half way says so and sends to the newest verified backup', () => {
		const stopped = { ...aPart('note-hashes', ['Page 7 cannot be read.']), stopped: true };
		const [check] = checkParts(['note-hashes'], read([stopped]));
		expect(check).toMatchObject({
			status: 'failing',
			value: 'Page 7 cannot be read.',
			message: 'The file is too damaged for this check. Restore the newest verified backup.',
			fix: 'restore-backup'
		});
	});

	test('a check that could not run says why, and is not green', () => {
		const [check] = checkParts(['structure'], unread);
		expect(check?.status).toBe('warning');
		expect(check?.value).toBe('not available: The notebook is not open in this tab.');
	});
});

test('a notebook in recovery is failing with the finding and offers the restore', () => {
	const facts = { schemaVersion: null, sqliteVersion: '3.54.1', openMs: 2 };
	const check = checkOpening({
		...facts,
		phase: 'recovery',
		message: 'Page 4 is damaged.',
		errorCode: 'db-damaged'
	});
	expect(check).toMatchObject({
		status: 'failing',
		value: 'Page 4 is damaged.',
		fix: 'restore-backup'
	});
});

describe('notes found by meaning', () => {
	const judge = (
		status: Partial<IndexingFacts['status']>,
		progress: Partial<IndexingFacts['progress']> = {},
		modelPhase: IndexingFacts['modelPhase'] = 'ready'
	) =>
		checkEmbeddings(
			read({
				status: {
					model: 'm',
					total: 10,
					indexed: 10,
					missing: 0,
					stale: 0,
					failed: 0,
					skipped: 0,
					unreadablePassages: 0,
					reasons: [],
					...status
				},
				progress: {
					pendingNotes: 0,
					pendingPassages: 0,
					notesPerSecond: null,
					lastNotesPerSecond: null,
					paused: false,
					resting: false,
					next: null,
					...progress
				},
				modelPhase
			})
		);

	test('all indexed is fine', () => expect(judge({}).status).toBe('ok'));
	test('passages that the model cannot read are told where all that can be read is indexed', () => {
		const check = judge({ unreadablePassages: 11 });
		expect(check.status).toBe('ok');
		expect(check.message).toContain('11 passages hold nothing that the model can read');
		expect(judge({}).message).not.toContain('passages');
	});
	test('work in progress needs nothing from you, and says so', () => {
		const check = judge({ indexed: 4, missing: 6 }, { pendingPassages: 9 });
		expect(check.status).toBe('ok');
		expect(check.value).toBe('4 of 10 notes, 6 waiting, in progress');
	});
	test('notes that wait while nothing works on them need you', () => {
		expect(judge({ indexed: 4, missing: 6 })).toMatchObject({
			status: 'warning',
			fix: 'regenerate-missing'
		});
	});
	test('paused work needs you', () => {
		expect(judge({ stale: 1 }, { pendingPassages: 1, paused: true }).status).toBe('warning');
	});
	test('waiting notes without a model need you', () => {
		expect(judge({ missing: 1 }, { pendingPassages: 1 }, 'failed').fix).toBe('reload-model');
	});
	test('failed notes need you', () => expect(judge({ failed: 1 }).fix).toBe('review-embeddings'));
});

describe('device', () => {
	test('a browser that promised nothing is fine in the first week, amber later', () => {
		expect(checkPersistence(read(false), 6 * dayMs).status).toBe('ok');
		expect(checkPersistence(read(false), 8 * dayMs).status).toBe('warning');
		expect(checkPersistence(read(true), 8 * dayMs).status).toBe('ok');
		expect(checkPersistence(read(false), 6 * dayMs).message).toContain('has not promised');
	});

	test.each<[number, number | null, HealthStatus]>([
		[200, null, 'ok'],
		[199, null, 'warning'],
		[99, 2, 'failing'],
		[-5, null, 'failing'],
		[1000, 2, 'ok'],
		[1000, 1, 'warning'],
		[1000, 0, 'failing']
	])(
		'%i bytes free beside a notebook of 100, of which the browser gives %s',
		(free, reservable, status) => {
			const facts = { quotaBytes: 1000, usageBytes: 1000 - free, databaseBytes: 100, reservable };
			expect(checkFreeSpace(read(facts)).status).toBe(status);
		}
	);

	test('space that the browser does not tell is never shown as zero', () => {
		const check = checkFreeSpace({ ...unread, reason: 'this browser does not tell' });
		expect(check.value).toBe('not available: this browser does not tell');
	});

	const aModel: ModelFacts = {
		phase: 'ready',
		modelId: 'use-lite',
		device: 'wasm',
		message: null,
		sinceStartMs: 1_000,
		complete: true
	};
	test.each<[string, Partial<ModelFacts>, HealthStatus]>([
		['running with all its files', {}, 'ok'],
		['running, files not kept', { complete: false }, 'warning'],
		['starting', { phase: 'starting' }, 'ok'],
		['starting for three minutes', { phase: 'starting', sinceStartMs: 3 * minuteMs }, 'warning'],
		['failed', { phase: 'failed', message: 'wrong hash' }, 'warning']
	])('model %s', (_, change, status) => {
		expect(checkModel(read({ ...aModel, ...change })).status).toBe(status);
	});

	test('a clock behind the notebook’s own stamps needs you', () => {
		const facts = {
			nowMs,
			notebookCreatedAtMs: nowMs - dayMs,
			newestBackupAtMs: null,
			newestNoteAtMs: null
		};
		expect(checkClock(read(facts)).status).toBe('ok');
		expect(checkClock(read({ ...facts, newestBackupAtMs: nowMs + hourMs })).status).toBe('warning');
		expect(checkClock(read({ ...facts, notebookCreatedAtMs: nowMs + hourMs })).status).toBe(
			'warning'
		);
	});

	test('an imported note with a date ahead is no proof of a wrong clock', () => {
		const facts = {
			nowMs,
			notebookCreatedAtMs: nowMs,
			newestBackupAtMs: null,
			newestNoteAtMs: nowMs + 400 * dayMs
		};
		expect(checkClock(read(facts)).status).toBe('ok');
	});

	test('a waiting version needs a reload; a page without a worker is fine', () => {
		expect(checkServiceWorker(read('update-waiting' as const)).fix).toBe('update-app');
		expect(checkServiceWorker(read('not-in-use' as const)).status).toBe('ok');
	});
});
