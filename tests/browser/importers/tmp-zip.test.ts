import { test } from 'vitest';
import { Uint8ArrayReader, ZipReader, ZipWriter, BlobWriter, TextReader, BlobReader } from '@zip.js/zip.js/lib/zip-native.js';
test('x', async () => {
	const content: [string, string][] = [];
	for (let i = 0; i < 500; i += 1) content.push([`f${i % 50}/note ${i}.md`, `word${i} lorem ipsum #tag `.repeat(60)]);
	let blob = new Blob();
	for (const useCompressionStream of [true, false, true, false]) {
		let t = performance.now();
		const w = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false, useCompressionStream });
		for (const [n, s] of content) await w.add(n, new TextReader(s));
		blob = await w.close();
		const tw = performance.now() - t;
		const bytes = new Uint8Array(await blob.arrayBuffer());
		for (const kind of ['mem', 'blob']) {
		const r = new ZipReader<Blob>((kind === 'mem' ? new Uint8ArrayReader(bytes) : new BlobReader(blob)) as never, { useWebWorkers: false, useCompressionStream, checkSignature: true });
		const es = await r.getEntries();
		t = performance.now();
		for (const e of es) if (!e.directory) { const chunks = []; await e.getData(new WritableStream({ write(c) { chunks.push(c); } })); }
		console.log('native', useCompressionStream, kind, 'write', Math.round(tw), 'read', Math.round(performance.now() - t));
		}
	}
});
