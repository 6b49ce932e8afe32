import { breaches, contracts } from './support/command-contracts';
import { waitUntilIndexed } from './support/index-state';
import { manage, quote, typeCommand, type BackupData } from './support/manage';
import { waitForNotebook } from './support/notes';
import { expect, test } from './support/test';

interface CommandData {
	readonly name: string;
	readonly usage: string;
}

/** Commands whose work needs more than one line: a job that runs, a second model, a passphrase. */
const provedElsewhere: Readonly<Record<string, string>> = {
	use_model: 'a second model',
	download_model: 'a second model',
	rotate_passphrase: 'a question on the page',
	unlock_backups: 'a question on the page',
	copy_backup: 'a folder chosen on the page'
};

test('every command that help lists works, answers with its documented fields, and explains mistakes', async ({
	app
}) => {
	test.setTimeout(240_000);
	const page = await app.open();
	await waitForNotebook(page);
	const { commands } = await manage<{ commands: readonly CommandData[] }>(page, 'help');
	const listed = commands.map(({ name }) => name);
	const answered = new Set<string>();

	/** Runs a line that must succeed, and holds its answer against COMMANDS.md. */
	const run = async <Data>(line: string): Promise<Data> => {
		const [name = ''] = line.split(' ');
		const data = await manage<Data>(page, line);
		expect(breaches(name, data)).toEqual([]);
		answered.add(name);
		return data;
	};
	const runIfListed = async (line: string): Promise<void> => {
		if (listed.includes(line.split(' ')[0] ?? '')) await run(line);
	};

	await test.step('help lists no command without a documented answer', () => {
		expect(listed.filter((name) => !(name in contracts))).toEqual([]);
		expect(listed.length).toBeGreaterThan(35);
	});

	await test.step('notes and search', async () => {
		await run('help');
		await run('help search');
		const bike = await run<{ id: string }>(
			'create_note --title "Bicycle repair" --body "Mend a flat tyre." --tags "home,tools"'
		);
		await run(`create_note --title=Chess --body ${quote('White opens.\n\n- e4\n- it\'s "good"')}`);
		const gone = await run<{ id: string }>('create_note --title Gone --body Soon.');
		expect(await run(`update_note ${bike.id} --body "Mend a tube." --pin`)).toMatchObject({
			body: 'Mend a tube.',
			pinned: true,
			tags: ['home', 'tools']
		});
		expect(await run(`get_note ${bike.id}`)).toMatchObject({ title: 'Bicycle repair' });
		await run(`delete_note ${gone.id}`);
		expect(await run('list_notes --tag home --limit 5')).toMatchObject({ total: 1 });
		expect(await run('list_notes --trash')).toMatchObject({ notes: [{ title: 'Gone' }] });
		expect(await run('list_notes')).toMatchObject({
			notes: [
				{ title: 'Bicycle repair' },
				{ title: 'Chess', body: 'White opens.\n\n- e4\n- it\'s "good"' }
			],
			total: 2
		});
		await waitUntilIndexed(page);
		for (const mode of ['keyword', 'semantic', 'hybrid']) {
			const line = `search "mending a bicycle" --mode ${mode} --limit 3`;
			const { results, coverage } = await run<{
				results: { noteId: string }[];
				coverage: unknown;
			}>(line);
			expect(results[0]?.noteId, mode).toBe(bike.id);
			expect(coverage, mode).toEqual({ indexedNotes: 2, indexableNotes: 2 });
		}

		await run('embedding_status');
		expect(await run(`embedding_status --note ${bike.id}`)).toMatchObject({ total: 1, indexed: 1 });
		expect(await run(`get_embedding ${bike.id}`)).toMatchObject({ noteId: bike.id });
		expect(await run('regenerate_embeddings --all --batch-size 1')).toMatchObject({
			done: 2,
			failed: 0
		});
		expect(await run('regenerate_embeddings --missing-only')).toMatchObject({ total: 0 });
		expect(await run(`regenerate_embeddings --note ${bike.id}`)).toMatchObject({ done: 1 });
		expect(await run('regenerate_embeddings --failed')).toMatchObject({ total: 0 });
		expect(await run('excluded_tags --set "#Tools"')).toMatchObject({ tags: ['Tools'] });
		expect(await run(`embedding_status --note ${bike.id}`)).toMatchObject({
			skipped: 1,
			reasons: [{ reason: 'excluded' }]
		});
		expect(await run('excluded_tags --none')).toEqual({ tags: [], leftOut: [] });
		await waitUntilIndexed(page);
		expect(await run('check_vectors --repair --drift')).toMatchObject({
			...{ checked: 2, nan: 0, zero: 0, wrongSize: 0, orphan: 0, duplicate: 0, removed: 0 },
			drift: { passed: true }
		});
		expect(await run(`get_embedding ${bike.id} --query "a flat tyre"`)).toMatchObject({
			chunks: [{ similarity: expect.any(Number) as unknown }],
			nearest: [{ title: 'Chess' }]
		});
		expect(await run('note_map')).toMatchObject({ embedded: 2, wasKept: false });
		expect(await run('note_map')).toMatchObject({ wasKept: true });
		await run('models');
	});

	await test.step('a job is paused, resumed and cancelled', async () => {
		await run('create_note --title Long --body "One line."');
		await waitUntilIndexed(page);
		// On a fast machine a job is over before anybody can pause it: this one waits for its user to pause.
		await page.mouse.move(20, 20);
		const whole = typeCommand(page, 'regenerate_embeddings --all --when-idle');
		const current = async (): Promise<{ id: string; state: string }> => {
			const { jobs } = await run<{ jobs: { id: string; state: string }[] }>('jobs');
			const job = jobs.find(({ state }) => state === 'running' || state === 'paused');
			return job ?? { id: '', state: '' };
		};
		await expect.poll(async () => (await current()).state, { intervals: [50] }).toBe('running');
		const { id } = await current();
		const stateAfter = async (line: string): Promise<unknown> => {
			const { jobs } = await run<{ jobs: { id: string; state: string }[] }>(line);
			return jobs.find((job) => job.id === id)?.state;
		};
		expect(await stateAfter(`pause_job ${id}`)).toBe('paused');
		expect(await stateAfter(`resume_job ${id}`)).toBe('running');
		expect(await stateAfter(`cancel_job ${id}`)).toBe('cancelled');
		expect(await whole).toMatchObject({ ok: false, data: { jobId: id } });
	});

	await test.step('backups', async () => {
		// Its own backup comes first: the newest one is what the following commands are about.
		expect(await run('recovery_kit')).toMatchObject({ encrypted: false, notes: 4 });
		const made = await run<BackupData>('backup_database --label "before all" --pin');
		expect(made).toMatchObject({ label: 'before all', pinned: true, verified: true, notes: 4 });
		await run('list_backups');
		await run('outside_copies');
		expect(await run('backup_encryption')).toMatchObject({ mode: 'off', canBackUp: true });
		expect(await run(`verify_backup ${made.name}`)).toMatchObject({ verified: true, findings: [] });
		expect(await run(`test_restore ${made.name}`)).toMatchObject({ passed: true });
		expect(await run('test_restore')).toMatchObject({ name: made.name, passed: true });
		const { notes } = await run<{ notes: { id: string; title: string }[] }>('list_notes');
		const chess = notes.find(({ title }) => title === 'Chess')?.id ?? '';
		await run(`update_note ${chess} --body "Black answers."`);
		expect(await run(`compare_backup ${made.name}`)).toMatchObject({
			added: [],
			changed: [{ id: chess, title: 'Chess' }],
			deleted: []
		});
		expect(await run(`restore_note ${made.name} ${chess}`)).toEqual({ id: chess });
		expect(await run(`restore_note ${made.name} ${chess} --as-copy`)).not.toEqual({ id: chess });
		const { restorePoint } = await run<{ restorePoint: string }>(`restore_database ${made.name}`);
		expect(await run('list_notes')).toMatchObject({ total: 3 });
		await run(`restore_database ${restorePoint}`);
		expect(await run('list_notes')).toMatchObject({ total: 4 });
		const salvaged = await run<{ backup: BackupData }>('salvage');
		expect(salvaged).toMatchObject({ sound: 5, damaged: [], lost: [] });
		expect(await run(`join_backups ${made.name} ${salvaged.backup.name}`)).toMatchObject({
			backup: { verified: true, notes: 5 }
		});
		for (const kind of ['flip-letter', 'drop-vectors']) {
			const played = await run(`simulate_damage ${made.name} --kind ${kind} --seed 3`);
			expect(played).toMatchObject({ name: made.name, kind, untouched: true });
		}
		const checked = { place: 'browser', kind: 'intact', match: { by: 'bytes', kept: true } };
		expect(await run(`check_file ${made.name}`)).toMatchObject(checked);
		const given = await page.evaluate(async () => {
			const file = new File(['Dear diary'], 'diary.txt');
			return window.manage('check_file', file);
		});
		expect(given).toMatchObject({ ok: true, data: { place: 'file', kind: 'not-a-backup' } });
		expect(breaches('check_file', given.data)).toEqual([]);
		const download = page.waitForEvent('download');
		await run(`download_backup ${made.name}`);
		expect((await download).suggestedFilename()).toBe(made.name);
		expect(await run(`pin_backup ${made.name} --off`)).toMatchObject({ pinned: false });
		expect(await run('rotate_backups --keep 1 --dry-run')).toMatchObject({ deleted: [] });
		const labelled = await run(`label_backup ${made.name} before the move`);
		expect(labelled).toMatchObject({ label: 'before the move' });
		expect(await run('backup_rotation --ladder on')).toMatchObject({ keep: 10, ladder: true });
		const second = await run<BackupData>('backup_database');
		await run(`delete_backup ${second.name}`);
	});

	await test.step('the database, its health and its figures', async () => {
		expect(await run('integrity_check')).toMatchObject({ status: 'ok', findings: [] });
		await run('integrity_check --quick');
		for (const line of ['vacuum', 'analyze', 'optimize', 'rebuild_index', 'db_size'])
			await run(line);
		expect(
			await run('dbshell "SELECT count(*) AS notes FROM notes WHERE trashed_at IS NULL"')
		).toMatchObject({ columns: ['notes'], rows: [[4]] });
		expect(await typeCommand(page, 'dbshell "DELETE FROM notes"')).toMatchObject({ ok: false });
		expect(
			await run(`dbshell "UPDATE settings SET value = value; SELECT 1 AS one" --write`)
		).toMatchObject({ columns: ['one'], rows: [[1]] });
		expect(await run('list_notes')).toMatchObject({ total: 4 });
		await run('health_check');
		await run('health_check --verbose');
		await run('storage');
		await run('storage --persist');
		await run('metrics');
		await run('metrics --format json');
		const scraped = await typeCommand(page, 'metrics --format prometheus');
		expect(scraped.text).toMatch(/^# (HELP|TYPE) ai_notes_/m);
		expect(scraped.text).toMatch(/^ai_notes_notes 4$/m);
		await run('version');
	});

	await test.step('commands of later work, where they are there already', async () => {
		await runIfListed('logs --limit 5');
		await runIfListed('logs --log errors --level error --since 7d');
		await runIfListed('rotate_logs');
		await runIfListed('cleanup_logs --keep-days 7');
		await runIfListed('schedule');
		if (listed.includes('schedule')) {
			const { tasks } = await run<{ tasks: { id: string }[] }>('schedule');
			await runIfListed(`enable_task ${tasks[0]?.id} --off`);
			await runIfListed(`enable_task ${tasks[0]?.id}`);
			await runIfListed(`run_task ${tasks[0]?.id}`);
		}
		await runIfListed('slow_queries');
		await runIfListed('evaluate_search');
		await runIfListed('export_pgvector');
		await runIfListed('export_qdrant');
		await runIfListed('support_bundle --preview');
		await runIfListed('support_bundle');
		const [one, twin] = [
			await run<{ id: string }>('create_note --title Tyre --body "Mend a tube."'),
			await run<{ id: string }>('create_note --title Tyre --body "Mend a tube. Slowly."')
		];
		await waitUntilIndexed(page);
		await run('suggestions --threshold 0.9');
		await run(`suggest_tags ${twin.id}`);
		expect(await run(`merge_notes ${one.id} ${twin.id}`)).toMatchObject({ trashedId: twin.id });
		const both = 'Mend a tube.\n\n---\n\nMend a tube. Slowly.';
		expect(await run(`get_note ${one.id}`)).toMatchObject({ body: both });
		expect(await run('merge_notes --undo')).toMatchObject({ outcome: 'undone' });
		expect(await run(`get_note ${one.id}`)).toMatchObject({ body: 'Mend a tube.' });
		await run(`delete_note ${twin.id}`);
		await run(`delete_note ${one.id}`);
		await run('use_model static-en-256 --yes');
		await run('use_model combined-en');
		await run('delete_vectors static-en-256');
		await run('clear_model_cache');
	});

	await test.step('help names nothing that was not tried here', () => {
		expect(listed.filter((name) => !answered.has(name) && !(name in provedElsewhere))).toEqual([]);
	});

	await test.step('a mistake gets the usage line, and never an exception', async () => {
		for (const { name, usage } of commands) {
			const answer = await typeCommand(page, `${name} --no-such-option`);
			expect(answer, name).toMatchObject({ ok: false });
			expect(answer.text, name).toContain(`Usage: ${usage}`);
			if (!/^[a-z_]+ (?:[A-Z]|"[A-Z])/.test(usage)) continue;
			const bare = await typeCommand(page, name);
			expect(bare, name).toMatchObject({ ok: false });
			expect(bare.text, name).toContain(`Usage: ${usage}`);
		}
		for (const line of ['', 'no_such_command', 'search "open quote', 'search x --mode loud']) {
			const answer = await typeCommand(page, line);
			expect(answer.ok, line).toBe(false);
			expect(answer.text, line).toContain('Usage: ');
		}
		for (const line of [
			'get_note nobody',
			'delete_note nobody',
			'get_embedding nobody',
			'verify_backup ai-notes-20200101T000000Z.sqlite3',
			'restore_database ../../etc/passwd',
			'cancel_job nobody',
			'list_notes --limit many',
			'dbshell "SELECT * FROM nowhere"'
		]) {
			const answer = await typeCommand(page, line);
			expect(answer, line).toMatchObject({ ok: false });
			expect(answer.text.length, line).toBeGreaterThan(10);
		}
		expect(await run('list_notes')).toMatchObject({ total: 4 });
	});
});
