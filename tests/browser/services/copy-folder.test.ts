import { createCopyLedger } from '$lib/device/copy-ledger';
import { openDeviceDatabase } from '$lib/device/device-database';
import { createDeviceSettings } from '$lib/device/device-settings';
import type { DbClient } from '$lib/rpc/notebook-client';
import { createCopyFolder } from '$lib/services/copy-folder-service';
import { createOutsideCopies } from '$lib/services/outside-copies';
import { createLogger } from '$lib/shared/logger';
import { proxy } from 'comlink';
import { expect, onTestFinished, test } from 'vitest';
import { freshName, startWorker } from '../../support/app-db-worker';
import { aDraft } from '../../support/note-builder';

/** A real folder: those of OPFS are of the same kind as those that a user chooses. */
const makeFolder = async (): Promise<FileSystemDirectoryHandle> => {
	const root = await navigator.storage.getDirectory();
	const name = `outside-${crypto.randomUUID()}`;
	onTestFinished(async () => root.removeEntry(name, { recursive: true }).catch(() => undefined));
	return root.getDirectoryHandle(name, { create: true });
};

const open = async () => {
	const { api } = await startWorker(freshName());
	const device = openDeviceDatabase(`folder-${crypto.randomUUID()}`);
	onTestFinished(() => device.delete());
	const copies = createOutsideCopies({
		ledger: createCopyLedger(device),
		rememberLast: () => undefined,
		log: createLogger('backup', () => undefined, Date.now)
	});
	const folder = await makeFolder();
	const hashed: number[] = [];
	const db: Pick<DbClient, 'listBackups' | 'readBackup' | 'hashFile'> = {
		listBackups: async () => api.listBackups(),
		readBackup: async (name) => api.readBackup(name),
		async hashFile(file) {
			hashed.push(file.size);
			return api.hashFile(file);
		}
	};
	const create = () =>
		createCopyFolder({
			db,
			settings: createDeviceSettings(device),
			copies,
			pick: () => Promise.resolve(folder),
			newId: () => crypto.randomUUID(),
			now: Date.now
		});
	let notes = 0;
	const backUp = async (kind: 'automatic' | 'manual' = 'automatic') => {
		notes += 1;
		await api.createNote(crypto.randomUUID(), aDraft({ title: `Note ${notes}` }));
		return api.createBackup(
			{ kind, label: '', pinned: false },
			proxy(() => undefined)
		);
	};
	return { api, copies, folder, create, service: create(), backUp, device, hashed };
};

const namesIn = async (folder: FileSystemDirectoryHandle): Promise<string[]> => {
	const names: string[] = [];
	for await (const name of folder.keys()) names.push(name);
	return names.sort();
};
const read = async (folder: FileSystemDirectoryHandle, name: string): Promise<File> =>
	(await folder.getFileHandle(name)).getFile();
const write = async (
	folder: FileSystemDirectoryHandle,
	name: string,
	text: string | Blob
): Promise<void> => {
	const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
	await stream.write(text);
	await stream.close();
};

test('the newest backup is copied when the folder is chosen, read back, and written down', async () => {
	const { api, service, folder, copies, backUp, create } = await open();
	const made = await backUp();
	expect(await service.state()).toMatchObject({ supported: true, name: null, last: null });
	const chosen = await service.choose();
	expect(chosen).toMatchObject({ name: folder.name, permission: 'granted' });
	expect(chosen.last).toMatchObject({ name: made.name, problem: null });
	expect(await api.hashFile(await read(folder, made.name))).toBe(made.sha256);
	const [copy] = await copies.list();
	expect(copy).toMatchObject({
		...{ name: made.name, way: 'folder', place: folder.name, sha256: made.sha256 },
		...{ contentHash: made.contentHash, notes: 1, sizeBytes: made.sizeBytes, removedAtMs: null }
	});
	expect(copy?.seenAtMs).not.toBe(null);
	// After a restart of the browser the folder is still known.
	const later = await backUp();
	await create().follow(later);
	expect(await namesIn(folder)).toEqual([made.name, later.name].sort());
});

test('only our own automatic copies rotate, by the same number; foreign, manual and altered files stay', async () => {
	const { api, service, folder, copies, backUp } = await open();
	await write(folder, 'holiday.jpg', 'not ours');
	await write(folder, 'ai-notes-20200101T000000Z.sqlite3', 'of another notebook');
	await api.setRotation({ keep: 2, ladder: false });
	const manual = await backUp('manual');
	await service.choose();
	const first = await backUp();
	await service.follow(first);
	const second = await backUp();
	await service.follow(second);
	await write(folder, second.name, 'the user put something else here');
	const third = await backUp();
	await service.follow(third);
	const fourth = await backUp();
	await service.follow(fourth);
	expect(await namesIn(folder)).toEqual(
		[
			...['holiday.jpg', 'ai-notes-20200101T000000Z.sqlite3'],
			...[manual.name, second.name, third.name, fourth.name]
		].sort()
	);
	expect(await (await read(folder, second.name)).text()).toContain('something else');
	const gone = (await copies.list()).filter(({ removedAtMs }) => removedAtMs !== null);
	expect(gone.map(({ name }) => name).sort()).toEqual([first.name, second.name].sort());
});

test('a file of that name that is not ours is left alone, and the failure says so', async () => {
	const { service, folder, backUp, copies } = await open();
	await service.choose();
	const made = await backUp();
	await write(folder, made.name, 'somebody else was here');
	await expect(service.copy(made.name)).rejects.toMatchObject({
		code: 'copy-failed',
		details: { problem: 'taken' }
	});
	expect(await (await read(folder, made.name)).text()).toBe('somebody else was here');
	expect((await service.state()).last?.problem).toContain('left alone');
	expect(await copies.list()).toEqual([]);
});

test('a copy that was cut short by a crash is made anew', async () => {
	const { api, service, folder, backUp, device } = await open();
	await service.choose();
	const made = await backUp();
	// What a killed tab leaves: the name is there, the bytes are not.
	await write(folder, made.name, '');
	const chosen = (await device.settings.get('copy-folder'))?.value as object;
	await device.settings.put({ key: 'copy-folder', value: { ...chosen, writing: [made.name] } });
	await service.copy(made.name);
	expect(await api.hashFile(await read(folder, made.name))).toBe(made.sha256);
});

test('a folder that is gone is named, and the backup in the browser is not affected', async () => {
	const { api, service, folder, backUp } = await open();
	await service.choose();
	await (await navigator.storage.getDirectory()).removeEntry(folder.name, { recursive: true });
	const made = await backUp();
	await service.follow(made);
	const { last } = await service.state();
	expect(last?.problem).toContain(`“${folder.name}”: the folder is not there any more`);
	expect((await api.listBackups()).backups[0]).toMatchObject({ name: made.name, verified: true });
	expect(
		await api.verifyBackup(
			made.name,
			proxy(() => undefined)
		)
	).toMatchObject({ verified: true });
});

type Ability = 'createWritable' | 'queryPermission';
type Broken = (this: FileSystemFileHandle) => Promise<unknown>;

/** One ability of every handle, broken until mended: what the service holds is a real, stored one. */
const breaking = (ability: Ability, broken: Broken): (() => void) => {
	const owner = [FileSystemFileHandle.prototype, FileSystemHandle.prototype].find((prototype) =>
		Object.hasOwn(prototype, ability)
	);
	const before = owner && Object.getOwnPropertyDescriptor(owner, ability);
	if (!before) throw new Error(`${ability} is not there to be broken`);
	Object.defineProperty(owner, ability, { ...before, value: broken });
	const mend = (): void => void Object.defineProperty(owner, ability, before);
	onTestFinished(mend);
	return mend;
};

test('a full disk is named, and no half a file stays', async () => {
	const { service, folder, backUp } = await open();
	await service.choose();
	const made = await backUp();
	const mend = breaking('createWritable', () =>
		Promise.resolve({
			write: () => Promise.reject(new DOMException('no space', 'QuotaExceededError')),
			abort: () => Promise.resolve()
		})
	);
	await service.follow(made);
	expect((await service.state()).last?.problem).toContain('no room left on its disk');
	expect(await namesIn(folder)).toEqual([]);
	mend();
	await service.copy(made.name);
	expect((await service.state()).last?.problem).toBe(null);
});

/** The end of every file of these names is lost on the way to the disk. */
const losingBytes = (isLost: (name: string) => boolean): (() => void) => {
	const real = FileSystemFileHandle.prototype.createWritable;
	return breaking('createWritable', async function () {
		const stream = await real.call(this);
		return {
			write: async (blob: Blob) =>
				stream.write(isLost(this.name) ? blob.slice(0, blob.size - 100) : blob),
			close: async () => stream.close(),
			abort: async () => stream.abort()
		};
	});
};

test('bytes that a disk did not keep are not called a copy', async () => {
	const { service, folder, backUp, copies } = await open();
	await service.choose();
	const made = await backUp();
	losingBytes(() => true);
	await service.follow(made);
	expect((await service.state()).last?.problem).toContain('not what was written');
	expect(await namesIn(folder)).toEqual([]);
	expect(await copies.list()).toEqual([]);
});

test('a permission that lapsed is shown and named; renewed, the missing copy is made', async () => {
	const { service, folder, backUp } = await open();
	await service.choose();
	const made = await backUp();
	const mend = breaking('queryPermission', () => Promise.resolve('prompt'));
	await service.follow(made);
	const shut = await service.state();
	expect(shut).toMatchObject({ permission: 'prompt' });
	expect(shut.last?.problem).toContain('renew the permission');
	expect(await namesIn(folder)).toEqual([]);
	mend();
	expect(await service.renew()).toMatchObject({ permission: 'granted', last: { problem: null } });
	expect(await namesIn(folder)).toEqual([made.name]);
});

test('a folder that is given up is not written to again; its files stay', async () => {
	const { service, folder, backUp } = await open();
	const made = await backUp();
	await service.choose();
	expect(await service.forget()).toMatchObject({ name: null, permission: null });
	await service.follow(await backUp());
	expect(await namesIn(folder)).toEqual([made.name]);
	await expect(service.copy(made.name)).rejects.toMatchObject({ code: 'copy-failed' });
});

test('an older automatic backup that is copied by hand stays in the folder', async () => {
	const { api, service, folder, copies, backUp } = await open();
	const oldest = await backUp();
	await service.choose();
	await service.follow(await backUp());
	await service.follow(await backUp());
	// Kept here for another reason than its age, as the ladder does.
	await api.setRotation({ keep: 1, ladder: false });
	await service.copy(oldest.name);
	expect(await namesIn(folder)).toContain(oldest.name);
	const kept = (await copies.list()).filter(({ removedAtMs }) => removedAtMs === null);
	expect(kept.map(({ name }) => name)).toContain(oldest.name);
});

/** Holds every write until it is let go. */
const holdingWrites = () => {
	const gate = Promise.withResolvers<undefined>();
	const reached = Promise.withResolvers<undefined>();
	const real = FileSystemFileHandle.prototype.createWritable;
	breaking('createWritable', async function () {
		reached.resolve(undefined);
		await gate.promise;
		return real.call(this);
	});
	return { reached: reached.promise, letGo: () => gate.resolve(undefined) };
};

test('a folder that is given up while a copy runs does not come back', async () => {
	const { service, backUp } = await open();
	await service.choose();
	const made = await backUp();
	const { reached, letGo } = holdingWrites();
	const copying = service.copy(made.name);
	await reached;
	const forgotten = service.forget();
	letGo();
	await copying;
	expect(await forgotten).toMatchObject({ name: null });
	expect(await service.state()).toMatchObject({ name: null, last: null });
});

test('a folder that another tab gives up while a copy runs does not come back either', async () => {
	const { service, create, backUp } = await open();
	await service.choose();
	const made = await backUp();
	const { reached, letGo } = holdingWrites();
	const copying = service.copy(made.name);
	await reached;
	await create().forget();
	letGo();
	await copying;
	expect(await service.state()).toMatchObject({ name: null, last: null });
});

/** What the folder holds of a backup, as an older file of ours with other bytes. */
const ageCopy = async ({ api, folder, copies }: Awaited<ReturnType<typeof open>>, name: string) => {
	await write(folder, name, 'the same backup under an older key');
	const [line] = await copies.list();
	if (!line) throw new Error('nothing was written down');
	await copies.markRemoved(line, 1);
	const sha256 = await api.hashFile(await read(folder, name));
	const copy = { ...line, sha256, removedAtMs: null };
	Reflect.deleteProperty(copy, 'id');
	await copies.record(copy);
	return sha256;
};

test('a failed overwrite leaves the older copy as it was; a good one writes it off', async () => {
	const all = await open();
	const { api, service, folder, copies, backUp } = all;
	const made = await backUp();
	await service.choose();
	const older = await ageCopy(all, made.name);
	const mend = breaking('createWritable', () =>
		Promise.reject(new DOMException('no space', 'QuotaExceededError'))
	);
	await service.follow(made);
	expect((await service.state()).last?.problem).toContain('no room left');
	expect(await api.hashFile(await read(folder, made.name))).toBe(older);
	mend();
	await service.copy(made.name);
	expect(await api.hashFile(await read(folder, made.name))).toBe(made.sha256);
	const usable = (await copies.list()).filter(({ removedAtMs }) => removedAtMs === null);
	expect(usable.map(({ sha256 }) => sha256)).toEqual([made.sha256]);
});

test('a disk that does not keep bytes costs no older copy: the new one is tried beside it first', async () => {
	const all = await open();
	const { api, service, folder, copies, backUp } = all;
	const made = await backUp();
	await service.choose();
	const older = await ageCopy(all, made.name);
	const mend = losingBytes(() => true);
	await service.follow(made);
	expect((await service.state()).last?.problem).toContain('not what was written');
	expect(await namesIn(folder)).toEqual([made.name]);
	expect(await api.hashFile(await read(folder, made.name))).toBe(older);
	const kept = (await copies.list()).filter(({ removedAtMs }) => removedAtMs === null);
	expect(kept.map(({ sha256 }) => sha256)).toEqual([older]);
	mend();
	await service.copy(made.name);
	expect(await namesIn(folder)).toEqual([made.name]);
});

test('a disk that loses bytes only at the second writing still holds the new copy beside it', async () => {
	const all = await open();
	const { api, service, folder, copies, backUp } = all;
	const made = await backUp();
	await service.choose();
	await ageCopy(all, made.name);
	const mend = losingBytes((name) => name === made.name);
	await service.follow(made);
	expect(await namesIn(folder)).toEqual([`${made.name}.new`]);
	expect(await api.hashFile(await read(folder, `${made.name}.new`))).toBe(made.sha256);
	expect((await service.state()).last?.problem).toContain('a whole one lies beside it');
	const usable = async (): Promise<string[]> =>
		(await copies.list()).filter((copy) => copy.removedAtMs === null).map(({ name }) => name);
	expect(await usable()).toEqual([`${made.name}.new`]);
	mend();
	await service.copy(made.name);
	expect(await api.hashFile(await read(folder, made.name))).toBe(made.sha256);
	expect(await namesIn(folder)).toEqual([made.name]);
	expect(await usable()).toEqual([made.name]);
});

test('a second writing that a killed tab cut off leaves nothing behind and blocks no later copy', async () => {
	const all = await open();
	const { api, service, folder, backUp, device } = all;
	const made = await backUp();
	await service.choose();
	// Killed between the last two steps: the same copy lies there twice.
	await write(folder, `${made.name}.new`, await api.readBackup(made.name));
	await service.copy(made.name);
	expect(await namesIn(folder)).toEqual([made.name]);
	// Killed earlier, and the backup got another passphrase since: what lies beside has other bytes.
	await ageCopy(all, made.name);
	await write(folder, `${made.name}.new`, 'the same backup under a key between');
	await expect(service.copy(made.name)).rejects.toMatchObject({
		message: expect.stringContaining(`${made.name}.new was not copied`) as string
	});
	const chosen = (await device.settings.get('copy-folder'))?.value as object;
	await device.settings.put({ key: 'copy-folder', value: { ...chosen, writing: [made.name] } });
	await service.copy(made.name);
	expect(await api.hashFile(await read(folder, made.name))).toBe(made.sha256);
	expect(await namesIn(folder)).toEqual([made.name]);
});

test('an empty file of that name that we did not begin is left alone, and so is one beside it', async () => {
	const all = await open();
	const { service, folder, backUp } = all;
	const made = await backUp();
	await service.choose();
	const next = await backUp();
	await write(folder, next.name, '');
	await expect(service.copy(next.name)).rejects.toMatchObject({ details: { problem: 'taken' } });
	expect((await read(folder, next.name)).size).toBe(0);
	const older = await ageCopy(all, made.name);
	await write(folder, `${made.name}.new`, 'of somebody else');
	await expect(service.copy(made.name)).rejects.toMatchObject({ details: { problem: 'taken' } });
	expect(await all.api.hashFile(await read(folder, made.name))).toBe(older);
	expect(await (await read(folder, `${made.name}.new`)).text()).toBe('of somebody else');
});

test('a copy is hashed once when it was read back, not again and again', async () => {
	const { service, backUp, hashed } = await open();
	await service.choose();
	const made = await backUp();
	hashed.length = 0;
	await service.copy(made.name);
	expect(hashed).toEqual([made.sizeBytes]);
	hashed.length = 0;
	await service.copy(made.name);
	expect(hashed).toEqual([made.sizeBytes]);
});

test('a file in the folder is found by its name, and the reason is told when it cannot be looked for', async () => {
	const { service, folder, backUp } = await open();
	expect(await service.find('anything.sqlite3')).toBe(null);
	const made = await backUp();
	await service.choose();
	expect((await service.find(made.name))?.size).toBe(made.sizeBytes);
	expect(await service.find('ai-notes-20200101T000000Z.sqlite3')).toBe(null);
	const mend = breaking('queryPermission', () => Promise.resolve('denied'));
	await expect(service.find(made.name)).rejects.toMatchObject({
		code: 'copy-failed',
		message: expect.stringContaining('renew the permission') as string
	});
	mend();
	await (await navigator.storage.getDirectory()).removeEntry(folder.name, { recursive: true });
	await expect(service.find(made.name)).rejects.toMatchObject({
		message: expect.stringContaining('not there any more') as string
	});
});
