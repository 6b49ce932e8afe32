import { notebookLockName } from '$lib/protocol/locks';
import { proxy } from 'comlink';
import { describe, expect, test } from 'vitest';
import { connectModel, freshName, startWorker } from '../../../support/app-db-worker';
import { aDraft, anId, anImportedNote } from '../../../support/note-builder';
import { editPoolFile, poolPaths } from '../../../support/notebook-files';

describe('the database worker', () => {
	test('keeps every write it acknowledged when it is killed', async () => {
		const notebook = freshName();
		const first = await startWorker(notebook);
		expect(first.report).toMatchObject({ state: 'ready', created: true });
		const note = await first.api.createNote(anId(), aDraft({ title: 'Kept', body: 'one' }));
		const saved = await first.api.saveNote({
			writeId: anId(),
			noteId: note.id,
			change: { body: 'two' },
			baseUpdatedAtMs: note.updatedAtMs
		});
		const trashed = await first.api.createNote(anId(), aDraft());
		await first.api.trashNote(trashed.id);
		first.kill();

		const second = await startWorker(notebook, true);
		expect(second.report).toMatchObject({ state: 'ready', created: false });
		expect(await second.api.getNote(note.id)).toEqual(saved.note);
		expect((await second.api.getNote(trashed.id))?.trashedAtMs).not.toBeNull();
		const parts = ['structure', 'foreign-keys', 'full-text', 'note-hashes', 'passages'] as const;
		const integrity = await second.api.checkIntegrity(
			parts,
			false,
			proxy(() => undefined)
		);
		expect(integrity.flatMap(({ findings }) => findings)).toEqual([]);
	});

	test('a write sent again to the worker that replaced a dead one is made once', async () => {
		const notebook = freshName();
		const first = await startWorker(notebook);
		const draft = aDraft();
		await first.api.createNote('write-1', draft);
		first.kill();
		const second = await startWorker(notebook, true);
		await second.api.createNote('write-1', draft);
		expect((await second.api.listNotes({ sort: 'title', offset: 0, limit: 9 })).total).toBe(1);
	});

	test('goes on with a job where the killed one stopped', async () => {
		const notebook = freshName();
		const first = await startWorker(notebook);
		await first.api.importNotes([anImportedNote(), anImportedNote(), anImportedNote()], 1);
		const model = await connectModel(first);
		const job = await first.api.startIndexJob({ kind: 'regenerate-missing' });
		expect(await model.embedBatch(1)).toBe(1);
		first.kill();

		const second = await startWorker(notebook, true);
		expect(await second.api.listIndexJobs()).toMatchObject([
			{ id: job.id, state: 'running', done: 1, total: 3 }
		]);
		const again = await connectModel(second);
		expect(await again.embedBatch(10)).toBe(2);
		expect(await second.api.listIndexJobs()).toMatchObject([{ state: 'done', done: 3 }]);
		expect(await second.api.embeddingStatus(null)).toMatchObject({ total: 3, indexed: 3 });
	});

	test('tells of every change of notes and of the index', async () => {
		const worker = await startWorker(freshName());
		const note = await worker.api.createNote(anId(), aDraft());
		await worker.until((e) => e.type === 'notes-changed' && e.noteIds[0] === note.id);
		await worker.until((e) => e.type === 'index-changed' && e.progress.pendingPassages === 1);
		const model = await connectModel(worker);
		await model.embedBatch(10);
		await worker.until((e) => e.type === 'index-changed' && e.progress.pendingPassages === 0);
		await worker.api.importNotes([anImportedNote()], 1);
		await worker.until((e) => e.type === 'notes-changed' && e.noteIds === 'all');
	});

	test('finds by words, by meaning and by both', async () => {
		const worker = await startWorker(freshName());
		await worker.api.createNote(anId(), aDraft({ title: 'Bicycle', body: 'repair a tyre' }));
		await worker.api.createNote(anId(), aDraft({ title: 'Cake', body: 'bake it' }));
		const { embedder, embedBatch } = await connectModel(worker);
		await embedBatch(10);
		for (const mode of ['keyword', 'semantic', 'hybrid'] as const) {
			const vector = mode === 'keyword' ? null : embedder.embed('bicycle tyre');
			const answer = await worker.api.search({ text: 'bicycle tyre', mode, limit: 5, vector });
			expect(answer).toMatchObject({ mode, coverage: { indexedNotes: 2, indexableNotes: 2 } });
			expect(answer.results[0]?.title).toBe('Bicycle');
		}
	});

	test('refuses what it cannot do with a code, and goes on', async () => {
		const worker = await startWorker(freshName());
		await expect(worker.api.trashNote('nobody')).rejects.toMatchObject({ code: 'note-missing' });
		await expect(
			worker.api.createNote(anId(), aDraft({ title: 'x'.repeat(1_001) }))
		).rejects.toMatchObject({ code: 'input-too-large' });
		await expect(worker.api.pauseIndexJob('none')).rejects.toMatchObject({ code: 'input-invalid' });
		expect((await worker.api.listNotes({ sort: 'title', offset: 0, limit: 9 })).total).toBe(0);
	});

	test('answers nothing after it was closed, and the next one can open', async () => {
		const notebook = freshName();
		const first = await startWorker(notebook);
		await first.api.createNote(anId(), aDraft());
		await first.api.close();
		await expect(first.api.listTags()).rejects.toMatchObject({ code: 'db-closed' });
		const { held } = await navigator.locks.query();
		expect(held?.map(({ name }) => name)).not.toContain(notebookLockName(notebook));
		const second = await startWorker(notebook, true);
		expect((await second.api.readNotes(null, 10)).length).toBe(1);
	});
});

describe('backups through the service', () => {
	test('notes stay writable while one is made, and a restore brings index and search along', async () => {
		const worker = await startWorker(freshName());
		const { api } = worker;
		const kept = await api.createNote(anId(), aDraft({ title: 'Bicycle', body: 'repair' }));
		const model = await connectModel(worker);
		await model.embedBatch(10);
		const [backup, during] = await Promise.all([
			api.createBackup(
				{ kind: 'manual', label: '', pinned: false },
				proxy(() => undefined)
			),
			api.createNote(anId(), aDraft({ title: 'Written meanwhile' }))
		]);
		expect(await api.getNote(during.id)).not.toBeNull();
		await api.trashNote(kept.id);
		await api.deleteForever([kept.id]);

		await api.restoreBackup(
			backup.name,
			proxy(() => undefined)
		);
		await worker.until((event) => event.type === 'replaced');
		expect((await api.getNote(kept.id))?.title).toBe('Bicycle');
		while ((await model.embedBatch(10)) > 0);
		const vector = model.embedder.embed('bicycle');
		const found = await api.search({ text: 'bicycle', mode: 'semantic', limit: 5, vector });
		expect(found.results[0]?.title).toBe('Bicycle');
	});

	test('one note comes back out of a backup', async () => {
		const { api } = await startWorker(freshName());
		const note = await api.createNote(anId(), aDraft({ body: 'old' }));
		const onProgress = proxy(() => undefined);
		const backup = await api.createBackup({ kind: 'manual', label: '', pinned: false }, onProgress);
		await api.saveNote({
			...{ writeId: anId(), noteId: note.id, baseUpdatedAtMs: null },
			change: { body: 'new' }
		});
		expect((await api.restoreNote(backup.name, note.id, false)).body).toBe('old');
		expect((await api.getNote(note.id))?.body).toBe('old');
	});

	test('a statement that writes past the app is seen by search and index', async () => {
		const worker = await startWorker(freshName());
		const { api } = worker;
		await api.createNote(anId(), aDraft());
		const model = await connectModel(worker);
		await model.embedBatch(10);
		expect(await api.embeddingStatus(null)).toMatchObject({ indexed: 1 });
		await api.runSql('DELETE FROM chunk_vectors', true);
		expect(await api.embeddingStatus(null)).toMatchObject({ indexed: 0, missing: 1 });
		const job = await api.startIndexJob({ kind: 'regenerate-missing' });
		expect(await model.embedBatch(10)).toBe(1);
		expect((await api.listIndexJobs()).find(({ id }) => id === job.id)).toMatchObject({
			state: 'done',
			done: 1
		});
	});
});

describe('a damaged notebook', () => {
	test('refuses notes, still gives its backups, and works again after a restore', async () => {
		const notebook = freshName();
		const first = await startWorker(notebook);
		const note = await first.api.createNote(anId(), aDraft({ title: 'Bicycle' }));
		const onProgress = proxy(() => undefined);
		const request = { kind: 'manual', label: '', pinned: false } as const;
		const backup = await first.api.createBackup(request, onProgress);
		first.kill();
		const [path] = await poolPaths(notebook);
		await editPoolFile(notebook, path ?? '', (bytes) => bytes.fill(0x5a, 4_096 + 100));

		const second = await startWorker(notebook, true);
		expect(second.report.state).toBe('recovery');
		await expect(second.api.getNote(note.id)).rejects.toMatchObject({ code: 'db-damaged' });
		await expect(second.api.createNote(anId(), aDraft())).rejects.toMatchObject({
			code: 'db-damaged'
		});
		expect((await second.api.listBackups()).backups.map(({ name }) => name)).toContain(backup.name);
		await second.api.restoreBackup(
			backup.name,
			proxy(() => undefined)
		);
		expect((await second.api.getNote(note.id))?.title).toBe('Bicycle');
		const model = await connectModel(second);
		expect(await model.embedBatch(10)).toBe(1);
	});
});

describe('an import', () => {
	test('killed before its notes were cut into passages is taken up by the next start', async () => {
		const notebook = freshName();
		const first = await startWorker(notebook);
		const notes = Array.from({ length: 300 }, () => anImportedNote());
		await first.api.importNotes(notes, 1);
		first.kill();

		const second = await startWorker(notebook, true);
		expect(await second.api.embeddingStatus(null)).toMatchObject({ total: 300, missing: 300 });
		const model = await connectModel(second);
		await second.until((e) => e.type === 'index-changed' && e.progress.pendingPassages === 300);
		expect(await model.embedBatch(1_000)).toBe(300);
		expect(await second.api.embeddingStatus(null)).toMatchObject({ total: 300, indexed: 300 });
	});
});
