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
		if (r === 2) { const orig = core.db.run, acc: Record<string, number> = {}; const og = core.db.get;
			Object.assign(core.db, { run: (q: string, p?: never) => { const u = performance.now(); const x = orig(q, p); const k = q.trim().slice(0, 30); acc[k] = (acc[k] ?? 0) + performance.now() - u; return x; }, get: (q: string, p?: never) => { const u = performance.now(); const x = og(q, p); const k = q.trim().slice(0, 30); acc[k] = (acc[k] ?? 0) + performance.now() - u; return x; } });
			setTimeout(() => undefined); console.log('ACC', acc); (globalThis as never as { acc: unknown }).acc = acc; }
		t = performance.now();
		core.writes.importNotes(files.map((f) => anImportedNote(f)), 1);
		const ours = performance.now() - t;
		if (r === 2) console.log((globalThis as never as { acc: unknown }).acc);
		console.log('bare', bare, 'ours', ours, 'ratio', bare / ours);
	}
}, 300_000);
