import type { SqlResult } from '$lib/domain/database-report';
import type { MaintenanceService } from '$lib/services/maintenance-service';
import { MaintenanceTask } from './maintenance-task.svelte';

/** The SQL box. It reads only, until the user unlocks writing for this visit. */
export class DatabaseSqlState {
	text = $state('SELECT title, length(body) AS letters FROM notes ORDER BY letters DESC LIMIT 10;');
	mayWrite = $state(false);
	readonly task = new MaintenanceTask<SqlResult>();
	readonly canRun = $derived(this.text.trim() !== '' && !this.task.isRunning);

	constructor(private readonly service: MaintenanceService) {}

	run = async (): Promise<void> => {
		if (!this.canRun) return;
		await this.task.run(async () => this.service.runSql(this.text, this.mayWrite));
	};

	explain = async (): Promise<void> => {
		if (!this.canRun) return;
		const sql = `EXPLAIN QUERY PLAN ${this.text}`;
		await this.task.run(async () => this.service.runSql(sql, false));
	};
}
