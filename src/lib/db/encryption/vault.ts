import type { BackupManifest } from '$lib/domain/backup';
import {
	shortestPassphrase,
	type BackupEncryption,
	type EncryptionChoice,
	type OutstandingBackup,
	type RecoveryKey
} from '$lib/domain/backup-encryption';
import { AppError, isAppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import type { Clock } from '$lib/shared/time';
import { sha256 } from '@noble/hashes/sha2.js';
import { blobStream, drain, type Bytes, type ByteStream } from '$lib/db/opfs/byte-stream';
import { toSecret, type Age, type Sealed, type Secret } from './age';
import {
	noEncryption,
	parseKeyRecord,
	presentKey,
	withPresentKey,
	type BackupKey,
	type KeyRecord
} from './key-record';

/** How a backup that is made now is encrypted. */
export interface Sealing {
	readonly keyId: string;
	seal(plain: ByteStream): Promise<Sealed>;
}

/** Keeps how backups are encrypted, on disk, and what opens them, in the memory of this session only. */
export interface Vault {
	status(backups: readonly BackupManifest[]): Promise<BackupEncryption>;
	/** From now on new backups are made so. The kept ones stay as they are. */
	choose(choice: EncryptionChoice, backups: readonly BackupManifest[]): Promise<void>;
	createRecoveryKey(): Promise<RecoveryKey>;
	/**
	 * Tries what was typed against every key there is, and against this file when one is named. It is
	 * remembered until the session ends; what fits nothing rejects with `wrong-passphrase`.
	 */
	unlock(typed: string, file: { readonly name: string; readonly blob: Blob } | null): Promise<void>;
	/** Keys that no kept backup is under any more are not known any more. */
	forgetUnused(backups: readonly BackupManifest[]): Promise<void>;
	/** Forgets everything that was unlocked. */
	lock(): void;
	/** Null when encryption is off. Rejects with `backup-locked` while the passphrase is not in memory. */
	sealing(): Promise<Sealing | null>;
	/** Whether something in memory opens this backup. */
	holds(manifest: BackupManifest): boolean;
	/** What opens this backup. Throws `backup-locked` when nothing in memory does. */
	secretsFor(manifest: BackupManifest): readonly Secret[];
	/** Everything in memory, for a file that came without a manifest. */
	allSecrets(): readonly Secret[];
	readonly age: Age;
}

/** Where the record lies. */
export interface KeyRecordFile {
	read(): Promise<string | null>;
	/** On disk and read back when it resolves. */
	write(text: string): Promise<void>;
}

const checkText = 'ai-notes backup passphrase';

export const createVault = (deps: {
	readonly age: Age;
	readonly file: KeyRecordFile;
	/** Whether any encrypted backup is kept. */
	readonly hasEncrypted: () => Promise<boolean>;
	readonly now: Clock;
}): Vault => {
	const { age, file, now } = deps;
	/** By id of the key, or `file:` and a name for a file whose key is not on record. */
	const secrets = new Map<string, Secret>();
	const read = async (): Promise<KeyRecord> =>
		parseKeyRecord(await file.read(), await deps.hasEncrypted());
	const readOrForget = async (): Promise<KeyRecord> => read().catch(() => noEncryption);
	const save = async (record: KeyRecord): Promise<void> =>
		file.write(JSON.stringify(record, null, '\t'));
	const secretOf = ({ keyId, name }: BackupManifest): Secret | null =>
		secrets.get(keyId ?? '') ?? secrets.get(`file:${name}`) ?? null;

	return {
		age,
		createRecoveryKey: async () => age.createRecoveryKey(),
		async status(backups) {
			const record = await read().catch(orUnknown);
			const key = record.mode === 'unknown' ? null : presentKey(record);
			const keys = record.mode === 'unknown' ? [] : record.keys;
			const encrypted = backups.filter((backup) => backup.encrypted);
			return {
				mode: record.mode,
				canBackUp: key ? key.kind === 'recovery-key' || secrets.has(key.id) : record.mode === 'off',
				keyCreatedAtMs: key?.createdAtMs ?? null,
				locked: encrypted.filter((each) => !secretOf(each)).map(({ name }) => name),
				outstanding: key
					? backups
							.filter(({ keyId }) => keyId !== key.id)
							.map((each) => toOutstanding(each, keys, secretOf(each) !== null))
					: []
			};
		},
		async choose(choice, backups) {
			const before = await readOrForget();
			const { key, secret } = await makeKey(age, choice, now());
			const known = before.keys.find(({ id }) => id === key?.id);
			await save(withPresentKey(before, known ?? key, idsInUse(backups)));
			if (key && secret) secrets.set(key.id, secret);
		},
		async unlock(typed, named) {
			const secret = toSecret(typed);
			const fitting = await findFitting(age, (await readOrForget()).keys, secret);
			for (const { id } of fitting) secrets.set(id, secret);
			if (fitting.length > 0) return;
			if (!named) throw fitsNothing();
			// Only the header is read: it tells whether the secret fits.
			const opened = await age.open(blobStream(named.blob), [secret], named.name);
			await opened.cancel();
			secrets.set(`file:${named.name}`, secret);
		},
		async forgetUnused(backups) {
			const record = await read();
			await save(withPresentKey(record, presentKey(record), idsInUse(backups)));
		},
		lock: () => secrets.clear(),
		async sealing() {
			const key = presentKey(await read());
			if (!key) return null;
			const lock =
				key.kind === 'recovery-key' && key.recipient !== null
					? { kind: key.kind, text: key.recipient }
					: secrets.get(key.id);
			if (!lock) throw locked('passphrase', 'New backups are encrypted');
			return { keyId: key.id, seal: async (plain) => age.seal(plain, lock) };
		},
		holds: (manifest) => secretOf(manifest) !== null,
		secretsFor(manifest) {
			const secret = secretOf(manifest);
			if (secret) return [secret];
			throw locked('secret', `${manifest.name} is encrypted`, manifest.name);
		},
		allSecrets: () => [...secrets.values()]
	};
};

const idsInUse = (backups: readonly BackupManifest[]): ReadonlySet<string> =>
	new Set(backups.map(({ keyId }) => keyId ?? ''));

/** `need` tells the page what to ask for. */
export const locked = (
	need: 'passphrase' | 'recovery-key' | 'secret',
	what: string,
	file: string | null = null
): AppError => {
	const asked =
		need === 'passphrase'
			? 'the passphrase'
			: need === 'recovery-key'
				? 'the recovery key'
				: 'its passphrase or recovery key';
	return new AppError('backup-locked', `${what}: give ${asked} first.`, { need, file });
};

const fitsNothing = (): AppError =>
	new AppError('wrong-passphrase', 'This opens none of the backups.');

const orUnknown = (thrown: unknown): { readonly mode: 'unknown' } => {
	if (isAppError(thrown, 'backup-locked')) return { mode: 'unknown' };
	throw thrown;
};

const toOutstanding = (
	{ name, encrypted, keyId }: BackupManifest,
	keys: readonly BackupKey[],
	isOpen: boolean
): OutstandingBackup => {
	const key = keys.find(({ id }) => id === keyId);
	return {
		name,
		openedBy: encrypted ? (key?.kind ?? 'passphrase') : null,
		keyCreatedAtMs: key?.createdAtMs ?? null,
		unlocked: !encrypted || isOpen
	};
};

const makeKey = async (
	age: Age,
	choice: EncryptionChoice,
	createdAtMs: number
): Promise<{ readonly key: BackupKey | null; readonly secret: Secret | null }> => {
	if (choice.mode === 'off') return { key: null, secret: null };
	if (choice.mode === 'recovery-key') {
		await age.checkRecipient(choice.recipient);
		const { mode: kind, recipient } = choice;
		return {
			key: { id: idOf(recipient), kind, createdAtMs, recipient, check: null },
			secret: null
		};
	}
	if ([...choice.passphrase].length < shortestPassphrase) {
		const message = `A passphrase needs ${shortestPassphrase} letters or more.`;
		throw new AppError('input-invalid', message);
	}
	const secret = toSecret(choice.passphrase);
	if (secret.kind !== 'passphrase') {
		throw new AppError('input-invalid', 'This is a recovery key, not a passphrase.');
	}
	const check = toBase64(await collect((await age.seal(textStream(checkText), secret)).stream));
	const key = { id: idOf(check), kind: secret.kind, createdAtMs, recipient: null, check };
	return { key, secret };
};

const findFitting = async (
	age: Age,
	keys: readonly BackupKey[],
	secret: Secret
): Promise<readonly BackupKey[]> => {
	const candidates = keys.filter(({ kind }) => kind === secret.kind);
	if (secret.kind === 'recovery-key') {
		const recipient = await age.recipientOf(secret.text);
		return candidates.filter((key) => key.recipient === recipient);
	}
	for (const key of candidates) if (await fits(age, key, secret)) return [key];
	return [];
};

const fits = async (age: Age, { check }: BackupKey, secret: Secret): Promise<boolean> => {
	if (check === null) return false;
	try {
		await drain(
			await age.open(byteStream(fromBase64(check)), [secret], 'the check'),
			() => undefined
		);
		return true;
	} catch (thrown) {
		if (isAppError(thrown, 'wrong-passphrase')) return false;
		throw thrown;
	}
};

const idOf = (text: string): string => toHex(sha256(new TextEncoder().encode(text))).slice(0, 12);

const byteStream = (bytes: Bytes): ByteStream => blobStream(new Blob([bytes]));
const textStream = (text: string): ByteStream => byteStream(new TextEncoder().encode(text));

const collect = async (stream: ByteStream): Promise<Bytes> => {
	const parts: Bytes[] = [];
	await drain(stream, (bytes) => parts.push(bytes.slice() as Bytes));
	return new Uint8Array(await new Blob(parts).arrayBuffer());
};

const toBase64 = (bytes: Bytes): string => btoa(String.fromCharCode(...bytes));
const fromBase64 = (text: string): Bytes => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
