import { noteHash } from '$lib/domain/note-hash';
import { newNote } from '$lib/domain/note-change';
import { toPlainText } from '$lib/domain/markdown-text';
import { chunkNote, slicePassages } from '$lib/domain/chunking';
import { createTestDatabase } from '../support/create-test-database';
import { createTestCore } from '../support/test-core';
import { createFakeEmbedder } from '../support/fake-embedder';
import { anImportedNote } from '../support/note-builder';
import { toVersionKey } from '$lib/domain/embedding-version';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
const walk = (d: string): string[] => readdirSync(d).flatMap((f) => { const p = join(d, f); return statSync(p).isDirectory() ? walk(p) : p.endsWith('.md') ? [p] : []; });
test('perf', async () => {
	const files = walk('/work/shared/data/vaults').map((p) => ({ title: p.split('/').at(-1)!.replace(/\.md$/, ''), body: readFileSync(p, 'utf8') }));
	console.log('files', files.length, 'chars', files.reduce((s, f) => s + f.body.length, 0));
	const big = 'A sentence of a very long note. '.repeat(6500);
	for (let r = 0; r < 3; r++) {
		let t = performance.now(); const c = chunkNote('T', big); console.log('chunk 200kB', c.length, performance.now() - t);
		t = performance.now(); let n = 0; for (const f of files) n += chunkNote(f.title, f.body).length; console.log('chunk all', n, performance.now() - t);
		let u = performance.now(); for (const f of files) slicePassages(f.body); console.log('  slice', performance.now() - u);
		u = performance.now(); for (const f of files) for (const { start, end } of slicePassages(f.body)) toPlainText(f.body.slice(start, end)); console.log('  slice+plain', performance.now() - u);
		u = performance.now(); for (const f of files) noteHash({ id: 'x', tags: [], path: '', pinned: false, createdAtMs: 1, updatedAtMs: 1, trashedAtMs: null, ...f }); console.log('  noteHash', performance.now() - u);
		u = performance.now(); for (const f of files) newNote({ id: 'x', ...f }, 1); console.log('  newNote', performance.now() - u);
		const db = await createTestDatabase();
		t = performance.now();
		db.transaction(() => { for (const [i, f] of files.entries()) db.run(`INSERT INTO notes (id,title,body,created_at,updated_at,content_hash) VALUES ($i,$t,$b,1,1,'x')`, { $i: `n${i}`, $t: f.title, $b: f.body }); });
		const bare = performance.now() - t;
		const core = await createTestCore();
		t = performance.now();
		core.writes.importNotes(files.map((f) => anImportedNote(f)), 1);
		const ours = performance.now() - t;
		console.log('bare', bare, 'ours', ours, 'ratio', bare / ours);
	}
	const emb = createFakeEmbedder(512);
	const core = await createTestCore(emb);
	const many = Array.from({ length: 10_000 }, (_, i) => { const f = files[i % files.length]!; return anImportedNote({ title: `${f.title} ${i}`, body: f.body.slice(0, 1200) }); });
	let t = performance.now();
	core.writes.importNotes(many, 1);
	console.log('import 10k', performance.now() - t);
	core.indexing.activate(emb.version);
	const key = toVersionKey(emb.version);
	let claims = 0, saves = 0, batches = 0, passages = 0;
	for (;;) {
		let s = performance.now(); const b = await core.indexing.claim(key, 64); claims += performance.now() - s;
		if (!b.length) break; batches++; passages += b.length;
		const v = b.map((p) => ({ ...p, vector: emb.embed(p.text.slice(0, 60)) }));
		s = performance.now(); await core.indexing.saveVectors(key, v); core.indexing.progress(); saves += performance.now() - s;
	}
	console.log({ batches, passages, claimMs: claims / batches, saveMs: saves / batches });
	t = performance.now(); core.refresh(); await core.vectorIndex.loaded(); console.log('load', performance.now() - t, core.vectorIndex.notes);
	t = performance.now(); core.indexing.status(null); console.log('status', performance.now() - t);
	t = performance.now(); core.indexing.progress(); console.log('progress', performance.now() - t);
	t = performance.now(); core.list({ sort: 'updated', offset: 5000, limit: 100 }); console.log('list', performance.now() - t);
	const qs = ['how to build a bridge', 'linux kernel module', 'note', 'the meaning of life', 'software', 'data structure algorithm time', 'a', 'protocol net'];
	for (const mode of ['keyword', 'semantic', 'hybrid'] as const) for (const q of qs) { const vector = mode === 'keyword' ? null : emb.embed(q);
		const times = [0, 1, 2].map(() => { const s = performance.now(); core.search({ text: q, mode, limit: 20, vector }); return Math.round((performance.now() - s) * 10) / 10; }); console.log(mode, q, times.join(' ')); }
	const id = core.notes.readAfter(null, 1)[0]!.id;
	t = performance.now(); core.commit(core.writes.save({ writeId: 'x', noteId: id, change: { body: 'edited' }, baseUpdatedAtMs: null })); console.log('save', performance.now() - t);
	t = performance.now(); core.jobs.start('regenerate-all'); console.log('start all', performance.now() - t);
}, 300_000);
