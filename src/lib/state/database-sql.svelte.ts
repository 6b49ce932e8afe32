import { toCsv } from '$lib/domain/csv';
import type { SqlResult } from '$lib/domain/database-report';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import { MaintenanceTask } from './maintenance-task.svelte';

const mostKept = 50;

/** The SQL box. It reads only, until the user unlocks writing for this visit. */
export class DatabaseSqlState {
	text = $state('SELECT title, length(body) AS letters FROM notes ORDER BY letters DESC LIMIT 10;');
	mayWrite = $state(false);
	readonly task = new MaintenanceTask<SqlResult>();
	readonly canRun = $derived(this.text.trim() !== '' && !this.task.isRunning);

	/** What was run in this visit, newest first, each once. It leaves no trace on the disk. */
	#history = $state.raw<readonly string[]>([]);

	constructor(
		private readonly service: MaintenanceService,
		private readonly saveFile: (blob: Blob, fileName: string) => void
	) {}

	get history(): readonly string[] {
		return this.#history;
	}

	/** The rows of the last run as a file that spreadsheets read. */
	saveCsv = (): void => {
		const { result } = this.task;
		if (!result) return;
		this.saveFile(new Blob([toCsv(result)], { type: 'text/csv' }), 'ai-notes-rows.csv');
	};

	run = async (): Promise<void> => {
		if (!this.canRun) return;
		const text = this.text.trim();
		this.#history = [text, ...this.#history.filter((known) => known !== text)].slice(0, mostKept);
		await this.task.run(async () => this.service.runSql(this.text, this.mayWrite));
	};

	explain = async (): Promise<void> => {
		if (!this.canRun) return;
		const sql = `EXPLAIN QUERY PLAN ${this.text}`;
		await this.task.run(async () => this.service.runSql(sql, false));
	};
}
