import { createAge, toSecret, type Lock } from '$lib/db/encryption/age';
import { blobStream, drain, type Bytes, type ByteStream } from '$lib/db/opfs/byte-stream';
import { Decrypter, Encrypter } from 'age-encryption';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ageMissing, noTerminal, onTerminal } from '../../../support/on-terminal';

const age = createAge(10);
const passphrase: Lock = { kind: 'passphrase', text: 'correct horse battery staple' };

const collect = async (stream: ByteStream): Promise<Bytes> => {
	const parts: Bytes[] = [];
	await drain(stream, (bytes) => parts.push(bytes.slice() as Bytes));
	return new Uint8Array(await new Blob(parts).arrayBuffer());
};
const streamOf = (bytes: Bytes): ByteStream => blobStream(new Blob([bytes]));
const seal = async (bytes: Bytes, lock: Lock): Promise<Bytes> =>
	collect((await age.seal(streamOf(bytes), lock)).stream);
const open = async (bytes: Bytes, secret: string): Promise<Bytes> =>
	collect(await age.open(streamOf(bytes), [toSecret(secret)], 'x.age'));

/** Around the borders of age's pieces of 64 KiB and of our slices of 1 MiB. */
const sizes = [0, 1, 65_535, 65_536, 65_537, 1_048_576, 1_048_583, 3_000_000];
const sample = (size: number): Bytes => Uint8Array.from({ length: size }, (_, i) => (i * 31) % 251);
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

describe('a file sealed here', () => {
	test.each(sizes)('of %d bytes opens with the age library, and here', async (size) => {
		const bytes = sample(size);
		const sealed = await seal(bytes, passphrase);
		const decrypter = new Decrypter();
		decrypter.addPassphrase(passphrase.text);
		expect(same(await decrypter.decrypt(sealed), bytes)).toBe(true);
		expect(same(await open(sealed, passphrase.text), bytes)).toBe(true);
	});

	test('for a recovery key proves that it opens again without the secret half', async () => {
		const { identity, recipient } = await age.createRecoveryKey();
		const bytes = sample(200_000);
		const { stream, reopen } = await age.seal(streamOf(bytes), {
			kind: 'recovery-key',
			text: recipient
		});
		const sealed = await collect(stream);
		expect(same(await collect(await reopen(streamOf(sealed))), bytes)).toBe(true);
		sealed[sealed.length - 5] = (sealed[sealed.length - 5] ?? 0) ^ 1;
		await expect(reopen(streamOf(sealed)).then(collect)).rejects.toMatchObject({
			code: 'backup-invalid'
		});
		expect(await age.recipientOf(identity)).toBe(recipient);
	});

	test('that was cut off or changed at any place is called damaged, never passed on whole', async () => {
		const sealed = await seal(sample(200_000), passphrase);
		for (const at of [300, 70_000, 140_000, sealed.length - 1]) {
			const flipped = sealed.slice();
			flipped[at] = (flipped[at] ?? 0) ^ 0x40;
			await expect(open(flipped, passphrase.text), `flipped at ${at}`).rejects.toMatchObject({
				code: 'backup-invalid'
			});
			await expect(
				open(sealed.slice(0, at), passphrase.text),
				`cut at ${at}`
			).rejects.toMatchObject({ code: 'backup-invalid' });
		}
	});

	test('says wrong passphrase for a wrong one', async () => {
		const sealed = await seal(sample(10), passphrase);
		for (const wrong of [
			'',
			'correct horse battery stapl',
			(await age.createRecoveryKey()).identity
		]) {
			await expect(open(sealed, wrong)).rejects.toMatchObject({ code: 'wrong-passphrase' });
		}
	});
});

test('a recovery key is known however it was written down, all else is a passphrase', () => {
	expect(toSecret(' age-secret-key-1abc DEF\n')).toEqual({
		kind: 'recovery-key',
		text: 'AGE-SECRET-KEY-1ABCDEF'
	});
	expect(toSecret('Caf\u0065\u0301 au lait')).toEqual({
		kind: 'passphrase',
		text: 'Caf\u00e9 au lait'
	});
});

describe('the age command line', () => {
	const folder = mkdtempSync(join(tmpdir(), 'ai-notes-age-'));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const at = (name: string): string => join(folder, name);
	const bytes = sample(200_000);

	test('opens a backup with the recovery key', async ({ skip }) => {
		if (ageMissing) skip(ageMissing);
		const { identity, recipient } = await age.createRecoveryKey();
		writeFileSync(at('key.txt'), `${identity}\n`);
		writeFileSync(at('r.age'), await seal(bytes, { kind: 'recovery-key', text: recipient }));
		const { status } = spawnSync('age', ['-d', '-i', 'key.txt', '-o', 'r.out', 'r.age'], {
			cwd: folder
		});
		expect(status).toBe(0);
		expect(same(readFileSync(at('r.out')), bytes)).toBe(true);
	});

	test('opens a backup with the passphrase', async ({ skip }) => {
		if (noTerminal) skip(noTerminal);
		writeFileSync(at('p.age'), await seal(bytes, passphrase));
		onTerminal(folder, 'age -d -o p.out p.age', `${passphrase.text}\n`);
		expect(same(readFileSync(at('p.out')), bytes)).toBe(true);
	});

	test('makes files that open here', async ({ skip }) => {
		if (noTerminal) skip(noTerminal);
		writeFileSync(at('plain'), bytes);
		onTerminal(folder, 'age -p -o made.age plain', `${passphrase.text}\n${passphrase.text}\n`);
		const made = new Uint8Array(readFileSync(at('made.age')));
		expect(same(await open(made, passphrase.text), bytes)).toBe(true);
	});
});

test('a file under two keys opens with either', async () => {
	const [mine, theirs] = [await age.createRecoveryKey(), await age.createRecoveryKey()];
	const encrypter = new Encrypter();
	encrypter.addRecipient(mine.recipient);
	encrypter.addRecipient(theirs.recipient);
	const sealed = new Uint8Array(await encrypter.encrypt(sample(100)));
	for (const { identity } of [mine, theirs]) {
		expect(same(await open(sealed, identity), sample(100))).toBe(true);
	}
});
