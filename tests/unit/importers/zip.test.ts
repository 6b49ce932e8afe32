import type { ChosenFile } from '$lib/domain/import';
import { readFiles } from '$lib/importers/read-files';
import { openZip } from '$lib/importers/zip';
import { zipLimits, type ZipLimits } from '$lib/importers/zip-limits';
import { expect, test } from 'vitest';
import { makeZip, type ZipContent } from '../../support/make-zip';

const chosen = (blob: Blob, name = 'vault.zip'): ChosenFile => ({
	path: name,
	file: new File([blob], name)
});

const importZip = async (content: ZipContent) => readFiles([chosen(await makeZip(content))]);

const unpackAll = async (content: ZipContent, limits: Partial<ZipLimits>): Promise<number> => {
	let bytes = 0;
	const zip = openZip(await makeZip(content), 'vault.zip', { ...zipLimits, ...limits });
	for await (const source of zip) bytes += (await source.read()).length;
	return bytes;
};

test('the notes of a zip come in with folders, tags and what was skipped', async () => {
	const { notes, remarks } = await importZip({
		'vault/買い物.md': '牛乳',
		'vault/deep/er/Soup.md': '---\ntags: [food]\n---\nPeas',
		'vault/pic.png': 'x',
		'vault/.obsidian/app.json': '{}'
	});
	expect(notes).toMatchObject([
		{ source: 'vault.zip/vault/買い物.md', title: '買い物', body: '牛乳', path: 'vault' },
		{ title: 'Soup', body: 'Peas', tags: ['food'], path: 'vault/deep/er' }
	]);
	expect(remarks.map((remark) => remark.source)).toEqual([
		'vault.zip/vault/pic.png',
		'vault.zip/vault/.obsidian/'
	]);
});

test('a zip bomb is refused by name, and what else was chosen comes in', async () => {
	const bomb = await makeZip({ 'fine.md': 'fine', 'bomb.md': new Uint8Array(30_000_000) });
	const { notes, remarks } = await readFiles([
		chosen(bomb, 'bomb.zip'),
		chosen(await makeZip({ 'a.md': 'text' }), 'good.zip')
	]);
	expect(notes.map((note) => note.source)).toEqual(['good.zip/a.md']);
	expect(remarks).toHaveLength(1);
	expect(remarks[0]).toMatchObject({ source: 'bomb.zip', outcome: 'skipped' });
	expect(remarks[0]?.reason).toMatch(/bomb\.zip was refused: “bomb\.md” .* \(a zip bomb\)/);
});

test('a bomb that lies about its size is stopped by the bytes that really come out', async () => {
	const zip = new Uint8Array(
		await (await makeZip({ 'bomb.md': new Uint8Array(8_000_000) })).arrayBuffer()
	);
	const view = new DataView(zip.buffer);
	for (let at = 0; at < zip.length - 4; at += 1) {
		const signature = view.getUint32(at, true);
		if (signature === 0x02014b50) view.setUint32(at + 24, 500, true);
		if (signature === 0x04034b50) view.setUint32(at + 22, 500, true);
	}
	const { notes, remarks } = await readFiles([chosen(new Blob([zip]))]);
	expect(notes).toEqual([]);
	expect(remarks[0]?.reason).toMatch(/zip bomb|damaged/);
});

test('a short text that repeats itself is no bomb', async () => {
	const { notes } = await importZip({ 'a.md': 'a'.repeat(500_000) });
	expect(notes).toHaveLength(1);
});

test.each<[string, Partial<ZipLimits>, RegExp]>([
	['too many files', { entries: 2 }, /holds more than 2 files/],
	['a file that is too large', { entryBytes: 99 }, /“a\.md” in it unpacks to over 99 B/],
	['too much in all', { totalBytes: 250 }, /it unpacks to over 250 B \(at “c\.md”\)/]
])('an archive with %s is refused', async (_, limits, message) => {
	const content = { 'a.md': 'a'.repeat(100), 'b.md': 'b'.repeat(100), 'c.md': 'c'.repeat(100) };
	await expect(unpackAll(content, limits)).rejects.toMatchObject({ code: 'input-too-large' });
	await expect(unpackAll(content, limits)).rejects.toThrow(message);
	expect(await unpackAll(content, {})).toBe(300);
});

test.each(['../up.md', 'a/../../up.md', '/root.md', 'C:/root.md', 'a\\..\\up.md'])(
	'a name that leads out of the archive is left out: %s',
	async (name) => {
		const { notes, remarks } = await importZip({ [name]: 'x', 'ok.md': 'y' });
		expect(notes.map((note) => note.title)).toEqual(['ok']);
		expect(remarks).toMatchObject([
			{ outcome: 'skipped', reason: 'Its name leads out of the archive.' }
		]);
	}
);

test('a note that lies too deep is left out and named', async () => {
	const deep = `${'d/'.repeat(33)}n.md`;
	const { notes, remarks } = await importZip({ [deep]: 'x', [`${'d/'.repeat(32)}n.md`]: 'y' });
	expect(notes.map((note) => note.body)).toEqual(['y']);
	expect(remarks[0]?.reason).toMatch(/32 folders deep/);
});

test('a zip with a password is refused with what to do', async () => {
	const { notes, remarks } = await readFiles([chosen(await makeZip({ 'a.md': 'x' }, 'secret'))]);
	expect(notes).toEqual([]);
	expect(remarks[0]?.reason).toMatch(/vault\.zip is locked with a password/);
});

test('a zip that is cut off, or no zip at all, is refused', async () => {
	const whole = await makeZip({ 'a.md': 'x'.repeat(5_000), 'b.md': 'y' });
	for (const blob of [whole.slice(0, whole.size - 30), whole.slice(0, 40), new Blob(['text'])]) {
		const { notes, remarks } = await readFiles([chosen(blob)]);
		expect(notes).toEqual([]);
		expect(remarks[0]).toMatchObject({ source: 'vault.zip', outcome: 'skipped' });
		expect(remarks[0]?.reason).toMatch(/not a complete zip file/);
	}
});

test('one damaged file in a zip is named and the others come in', async () => {
	let seed = 7;
	const random = Uint8Array.from({ length: 2_000 }, () => {
		seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
		return 97 + ((seed >> 16) % 25);
	});
	const zip = new Uint8Array(
		await (await makeZip({ 'a.md': random, 'b.md': 'fine' })).arrayBuffer()
	);
	zip[600] = (zip[600] ?? 0) ^ 0xff;
	const { notes, remarks } = await readFiles([chosen(new Blob([zip]))]);
	expect(notes.map((note) => note.title)).toEqual(['b']);
	expect(remarks).toEqual([
		{ source: 'vault.zip/a.md', outcome: 'skipped', reason: 'It is damaged inside the archive.' }
	]);
});
