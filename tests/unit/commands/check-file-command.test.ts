import { createManage } from '$lib/commands/manage';
import type { FileVerdict } from '$lib/domain/file-check';
import type { FileCheckService } from '$lib/services/file-check-service';
import { expect, test } from 'vitest';
import { fakeServices } from '../../support/fake-services';

const verdict: FileVerdict = {
	kind: 'intact',
	name: 'a.sqlite3',
	sizeBytes: 10,
	sha256: 'ab'.repeat(32),
	match: { by: 'bytes', name: 'a.sqlite3', backupAtMs: 0, copy: null, backup: null },
	findings: [],
	notes: 4,
	since: { added: 1, changed: 2, deleted: 0 },
	encrypted: false,
	locked: false
};

const manageWith = (picked: File | null = null) => {
	const asked: string[] = [];
	const fileCheck: FileCheckService = {
		check: (file) => {
			asked.push(`file ${file.name}`);
			return Promise.resolve(verdict);
		},
		checkNamed: (name) => {
			asked.push(`name ${name}`);
			return Promise.resolve({ place: 'folder', verdict });
		},
		pick: () => Promise.resolve(picked)
	};
	return { asked, manage: createManage(fakeServices({ fileCheck })) };
};

test('check_file takes a file beside the line, a Blob too, and says how far it is behind', async () => {
	const { asked, manage } = manageWith();
	const { ok, text, data } = await manage('check_file', new File(['x'], 'stick.sqlite3'));
	expect(ok).toBe(true);
	expect(text).toMatch(/^Matches the backup of .*, intact, 3 notes behind\.$/);
	expect(data).toMatchObject({
		...{ place: 'file', kind: 'intact', behind: 3, sha256: verdict.sha256 },
		match: { by: 'bytes', backupAt: '1970-01-01T00:00:00.000Z', left: false, kept: false }
	});
	expect(await manage('check_file', new Blob(['x']))).toMatchObject({ ok: true });
	expect(asked).toEqual(['file stick.sqlite3', 'file the given file']);
});

test('check_file takes a name, or lets a file be chosen', async () => {
	const { asked, manage } = manageWith(new File(['x'], 'chosen.sqlite3'));
	expect(await manage('check_file a.sqlite3')).toMatchObject({ data: { place: 'folder' } });
	expect(await manage('check_file')).toMatchObject({ data: { place: 'file' } });
	expect(asked).toEqual(['name a.sqlite3', 'file chosen.sqlite3']);
});

test('what makes no sense gets the usage line, and nothing is checked', async () => {
	const { asked, manage } = manageWith();
	const file = new File(['x'], 'a');
	const wrong: readonly (readonly [string, Blob | undefined])[] = [
		['check_file', undefined],
		['check_file a.sqlite3', file],
		['check_file', 'a path' as unknown as Blob],
		['version', file]
	];
	for (const [line, given] of wrong) {
		const { ok, text } = await manage(line, given);
		expect(ok, line).toBe(false);
		expect(text, line).toContain('Usage: ');
	}
	expect(asked).toEqual([]);
});
