import type { Note, NoteSummary } from '$lib/domain/note';
import type { TaskFacts } from '$lib/domain/health-signs';
import {
	healthReportTag,
	reportFileName,
	toMailAddress,
	writeHealthReport,
	type WrittenReport
} from '$lib/domain/health-report';
import type { OnProgress } from '$lib/domain/progress';
import type { Clock } from '$lib/shared/time';
import type { HealthService } from './health-service';
import type { MetricsService } from './metrics-service';
import type { NoteService } from './note-service';
import type { ReminderService } from './reminder-service';

/** The weekly report: a note in the notebook, a file, a mail. */
export interface HealthReportService {
	/**
	 * Runs all checks and writes what they say into a note; the note of the same day is written anew,
	 * unless somebody edited it meanwhile. Notifies where that is allowed.
	 */
	write(onProgress?: OnProgress): Promise<KeptReport>;
	/** The note of the newest report, or null. */
	newest(): Promise<NoteSummary | null>;
	/** The newest report as a Markdown file, to the browser's downloads. */
	download(): Promise<{ readonly fileName: string } | null>;
	/** Opens the mail program of the user with the newest report; null when there is none. */
	mailAddress(): Promise<string | null>;
}

export interface KeptReport extends WrittenReport {
	readonly noteId: string;
	readonly notified: boolean;
}

export interface HealthReportDeps {
	readonly notes: Pick<NoteService, 'list' | 'get' | 'create' | 'save'>;
	readonly health: Pick<HealthService, 'run' | 'history'>;
	readonly metrics: Pick<MetricsService, 'sample' | 'trend'>;
	readonly tasks: () => Promise<readonly TaskFacts[]>;
	readonly reminders: Pick<ReminderService, 'notify'>;
	/** Where it is kept which note was written last, and when. */
	readonly settings: {
		get(key: string): Promise<unknown>;
		set(key: string, value: unknown): Promise<void>;
	};
	readonly saveFile: (blob: Blob, fileName: string) => Promise<void> | void;
	readonly now: Clock;
}

export const createHealthReportService = (deps: HealthReportDeps): HealthReportService => {
	const { notes } = deps;
	const newest = async (): Promise<NoteSummary | null> => {
		const query = { sort: 'created', tag: healthReportTag, offset: 0, limit: 20 } as const;
		const found = (await notes.list(query)).notes;
		// Pinned notes come first in a list, whatever their age.
		return found.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0] ?? null;
	};
	const newestNote = async () => {
		const found = await newest();
		return found && (await notes.get(found.id));
	};
	return {
		newest,
		async write(onProgress) {
			const report = await compose(deps, onProgress);
			const noteId = await keep(deps, report, await newest());
			const notified = await deps.reminders.notify(
				healthReportTag,
				'Health report',
				report.summary
			);
			return { ...report, noteId, notified };
		},
		async download() {
			const note = await newestNote();
			if (!note) return null;
			const fileName = reportFileName(note.createdAtMs);
			const text = `# ${note.title}\n\n${note.body}`;
			await deps.saveFile(new Blob([text], { type: 'text/markdown' }), fileName);
			return { fileName };
		},
		async mailAddress() {
			const note = await newestNote();
			return note && toMailAddress(note);
		}
	};
};

const compose = async (
	{ health, metrics, tasks, now }: HealthReportDeps,
	onProgress: OnProgress | undefined
): Promise<WrittenReport> => {
	const report = await health.run('full', onProgress);
	await metrics.sample();
	const [runs, samples, done] = await Promise.all([
		health.history(7).catch(() => []),
		metrics.trend(15).catch(() => []),
		tasks().catch(() => [])
	]);
	return writeHealthReport({ nowMs: now(), health: report, runs, samples, tasks: done });
};

/** Two reports of one day would say the same: the second takes the place of the first. */
const keep = async (
	deps: HealthReportDeps,
	{ title, body }: WrittenReport,
	last: NoteSummary | null
): Promise<string> => {
	const { notes, settings } = deps;
	const isReplaced = last?.title === title && (await isAsWritten(deps, last));
	const note = isReplaced
		? (await notes.save(last.id, { body }, last.updatedAtMs)).note
		: await notes.create({ title, body, tags: [healthReportTag] });
	// Without it the next report of the day becomes a note of its own.
	await settings.set(lastWritten, markOf(note)).catch(() => undefined);
	return note.id;
};

const lastWritten = 'health-report-note';

const markOf = ({ id, updatedAtMs }: Pick<Note, 'id' | 'updatedAtMs'>): string =>
	`${id} ${updatedAtMs}`;

/** Every edit gives a note a later time. */
const isAsWritten = async ({ settings }: HealthReportDeps, note: NoteSummary): Promise<boolean> =>
	(await settings.get(lastWritten)) === markOf(note);
