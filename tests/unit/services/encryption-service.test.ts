import type { OutstandingBackup } from '$lib/domain/backup-encryption';
import { createAskingBackups } from '$lib/services/asking-backups';
import type { BackupService } from '$lib/services/backup-service';
import { AppError } from '$lib/shared/app-error';
import { expect, test } from 'vitest';
import { aBackup } from '../../support/a-backup';
import { createFakeEncryption, noEncryption } from '../../support/fake-encryption';

const older = (name: string, unlocked: boolean): OutstandingBackup => ({
	name,
	openedBy: 'passphrase',
	keyCreatedAtMs: 1,
	unlocked
});

/** Answers the questions of a prompt in turn; null cancels. */
const answering = (
	{ prompt }: ReturnType<typeof createFakeEncryption>,
	answers: (string | null)[]
): string[] => {
	const asked: string[] = [];
	prompt.onChanged((question) => {
		if (!question) return;
		asked.push(`${question.kind} ${question.need}`);
		const answer = answers.shift();
		queueMicrotask(() =>
			answer === null || answer === undefined ? prompt.cancel() : void prompt.answer(answer)
		);
	});
	return asked;
};

test('a change of passphrase asks for the present one, the new one, and older ones once each', async () => {
	const fake = createFakeEncryption(
		{
			mode: 'passphrase',
			canBackUp: false,
			keyCreatedAtMs: 2,
			locked: ['a', 'b'],
			outstanding: [older('a', false), older('b', false)]
		},
		{ '': 'present one', a: 'old one' }
	);
	const asked = answering(fake, ['present one', 'a new passphrase', 'old one', null]);
	const report = await fake.service.rotatePassphrase();
	expect(asked).toEqual(['unlock passphrase', 'new passphrase', 'unlock passphrase']);
	expect(fake.calls).toEqual(['unlock new backups', 'choose passphrase', 'unlock a', 'reencrypt']);
	expect(report).toMatchObject({ reencrypted: 1, left: [{ name: 'b' }] });
});

test('a passphrase of older backups is no answer where that of the new ones is asked for', async () => {
	const fake = createFakeEncryption(
		{ ...noEncryption, mode: 'passphrase', canBackUp: false },
		{ '': 'present one', 'older ones': 'old one' }
	);
	const work = fake.service.finish();
	await expect.poll(() => fake.prompt.current?.need).toBe('passphrase');
	await expect(fake.prompt.answer('old one')).rejects.toMatchObject({ code: 'wrong-passphrase' });
	expect(fake.calls).not.toContain('reencrypt');
	await fake.prompt.answer('present one');
	await work;
	expect(fake.calls.at(-1)).toBe('reencrypt');
});

test('backups under keys of unknown age are each asked for: nothing says that it is one key', async () => {
	const unknown = (name: string): OutstandingBackup => ({
		...older(name, false),
		keyCreatedAtMs: null
	});
	const fake = createFakeEncryption(
		{ ...noEncryption, mode: 'passphrase', outstanding: [unknown('a'), unknown('b')] },
		{ a: 'first', b: 'second' }
	);
	answering(fake, ['first', 'second']);
	await fake.service.finish();
	expect(fake.calls).toEqual(['unlock a', 'unlock b', 'reencrypt']);
});

test('a cancelled change of passphrase changes nothing', async () => {
	const fake = createFakeEncryption({ ...noEncryption, mode: 'passphrase' });
	answering(fake, [null]);
	await expect(fake.service.rotatePassphrase()).rejects.toMatchObject({ code: 'cancelled' });
	expect(fake.calls).toEqual([]);
});

test('without a passphrase there is none to change', async () => {
	const { service } = createFakeEncryption();
	await expect(service.rotatePassphrase()).rejects.toMatchObject({ code: 'input-invalid' });
});

const locked = new AppError('backup-locked', 'x.age is encrypted.', {
	need: 'secret',
	file: 'x.age'
});

test('a page is asked for what opens a backup until it fits, then the work goes on', async () => {
	const fake = createFakeEncryption(
		{ ...noEncryption, locked: ['x.age'] },
		{ 'x.age': 'the right one' }
	);
	const backups = {
		pin: () =>
			fake.status().locked.length > 0 ? Promise.reject(locked) : Promise.resolve(aBackup()),
		onChanged: () => () => undefined
	} as Partial<BackupService> as BackupService;
	const asking = createAskingBackups({ ...fake, backups, encryption: fake.service });
	const work = asking.pin('x.age', true);
	await expect.poll(() => fake.prompt.current?.need).toBe('secret');
	await expect(fake.prompt.answer('a wrong one')).rejects.toMatchObject({
		code: 'wrong-passphrase'
	});
	expect(fake.prompt.current).not.toBe(null);
	await fake.prompt.answer('the right one');
	expect(await work).toEqual(aBackup());
	expect(fake.prompt.current).toBe(null);
});

test('a page that gives nothing has cancelled, and a script is told at once', async () => {
	const fake = createFakeEncryption();
	const bare = {
		pin: () => Promise.reject(locked),
		onChanged: () => () => undefined
	} as Partial<BackupService> as BackupService;
	answering(fake, [null]);
	const asking = createAskingBackups({ ...fake, backups: bare, encryption: fake.service });
	await expect(asking.pin('x.age', true)).rejects.toMatchObject({ code: 'cancelled' });
	await expect(bare.pin('x.age', true)).rejects.toMatchObject({ code: 'backup-locked' });
});
