import type { BackupManifest } from '$lib/domain/backup';
import type {
	BackupEncryption,
	EncryptionChoice,
	OutstandingBackup,
	RecoveryKey
} from '$lib/domain/backup-encryption';
import { AppError, isAppError } from '$lib/shared/app-error';
import type { Clock } from '$lib/shared/time';
import { blobStream, type ByteStream } from '$lib/db/opfs/byte-stream';
import { toSecret, type Age, type Lock, type Sealed, type Secret } from './age';
import { findFitting, makeKey } from './backup-keys';
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
	 * Tries what was typed against every key there is, and keeps what fits until the session ends. Rejects
	 * with `wrong-passphrase` when it fits none; when a backup is named, unless it opens that one.
	 */
	unlock(typed: string, named: NamedFile | null): Promise<void>;
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

/** A kept backup that is to be opened. */
export interface NamedFile {
	readonly name: string;
	readonly keyId: string | undefined;
	readonly blob: Blob;
}

/** Where the record lies. */
export interface KeyRecordFile {
	read(): Promise<string | null>;
	/** On disk and read back when it resolves. */
	write(text: string): Promise<void>;
}

export interface VaultDeps {
	readonly age: Age;
	readonly file: KeyRecordFile;
	/** Whether any encrypted backup is kept. */
	readonly hasEncrypted: () => Promise<boolean>;
	readonly now: Clock;
}

export const createVault = (deps: VaultDeps): Vault => {
	const { age } = deps;
	const records = createRecords(deps);
	const secrets = createSecrets();
	return {
		...readings(records, secrets),
		...changes(deps, records, secrets),
		age,
		createRecoveryKey: async () => age.createRecoveryKey(),
		async sealing() {
			const key = presentKey(await records.read());
			if (!key) return null;
			const lock = lockOf(key) ?? secrets.ofKey(key.id);
			if (!lock) throw locked('passphrase', 'New backups are encrypted');
			return { keyId: key.id, seal: async (plain) => age.seal(plain, lock) };
		}
	};
};

const lockOf = ({ kind, recipient }: BackupKey): Lock | null =>
	kind === 'recovery-key' && recipient !== null ? { kind, text: recipient } : null;

interface Records {
	read(): Promise<KeyRecord>;
	readOrForget(): Promise<KeyRecord>;
	save(record: KeyRecord): Promise<void>;
}

const createRecords = ({ file, hasEncrypted }: VaultDeps): Records => {
	const read = async (): Promise<KeyRecord> =>
		parseKeyRecord(await file.read(), await hasEncrypted());
	return {
		read,
		readOrForget: async () => read().catch(() => noEncryption),
		save: async (record) => file.write(JSON.stringify(record, null, '\t'))
	};
};

/** What was unlocked, by key, or by file when its key is not on record. */
interface Secrets {
	ofKey(keyId: string): Secret | null;
	of(manifest: BackupManifest): Secret | null;
	add(keyId: string, secret: Secret): void;
	addForFile(name: string, secret: Secret): void;
	all(): readonly Secret[];
	clear(): void;
}

const createSecrets = (): Secrets => {
	const byKey = new Map<string, Secret>();
	const byFile = new Map<string, Secret>();
	return {
		ofKey: (keyId) => byKey.get(keyId) ?? null,
		of: ({ keyId, name }) => byKey.get(keyId ?? '') ?? byFile.get(name) ?? null,
		add: (keyId, secret) => byKey.set(keyId, secret),
		addForFile: (name, secret) => byFile.set(name, secret),
		all: () => [...byKey.values(), ...byFile.values()],
		clear() {
			byKey.clear();
			byFile.clear();
		}
	};
};

const readings = (
	records: Records,
	secrets: Secrets
): Pick<Vault, 'status' | 'holds' | 'secretsFor' | 'allSecrets'> => ({
	async status(backups) {
		const record = await records.read().catch(orUnknown);
		const isOpen = (each: BackupManifest): boolean => secrets.of(each) !== null;
		const locked = backups.filter((each) => each.encrypted && !isOpen(each));
		const unknown = { mode: 'unknown', canBackUp: false, keyCreatedAtMs: null } as const;
		const names = locked.map(({ name }) => name);
		if (!record) return { ...unknown, locked: names, outstanding: [] };
		const key = presentKey(record);
		return {
			mode: record.mode,
			canBackUp: !key || lockOf(key) !== null || secrets.ofKey(key.id) !== null,
			keyCreatedAtMs: key?.createdAtMs ?? null,
			locked: names,
			outstanding: backups
				.filter(({ keyId }) => key && keyId !== key.id)
				.map((each) => toOutstanding(each, record.keys, isOpen(each)))
		};
	},
	holds: (manifest) => secrets.of(manifest) !== null,
	secretsFor(manifest) {
		const secret = secrets.of(manifest);
		if (secret) return [secret];
		throw locked('secret', `${manifest.name} is encrypted`, manifest.name);
	},
	allSecrets: () => secrets.all()
});

const changes = (
	{ age, now }: VaultDeps,
	records: Records,
	secrets: Secrets
): Pick<Vault, 'choose' | 'unlock' | 'forgetUnused' | 'lock'> => ({
	async choose(choice, backups) {
		const before = await records.readOrForget();
		const { key, secret } = await makeKey(age, choice, now());
		const known = before.keys.find(({ id }) => id === key?.id);
		await records.save(withPresentKey(before, known ?? key, idsInUse(backups)));
		if (key && secret) secrets.add(key.id, secret);
	},
	async unlock(typed, named) {
		const secret = toSecret(typed);
		const fitting = await findFitting(age, (await records.readOrForget()).keys, secret);
		for (const { id } of fitting) secrets.add(id, secret);
		if (fitting.some(({ id }) => !named || id === named.keyId)) return;
		if (!named) throw new AppError('wrong-passphrase', 'This opens none of the backups.');
		// Only the header is read: it tells whether the secret fits.
		const opened = await age.open(blobStream(named.blob), [secret], named.name);
		await opened.cancel();
		secrets.addForFile(named.name, secret);
	},
	async forgetUnused(backups) {
		const record = await records.read();
		await records.save(withPresentKey(record, presentKey(record), idsInUse(backups)));
	},
	lock() {
		secrets.clear();
		age.forget();
	}
});

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

const orUnknown = (thrown: unknown): null => {
	if (isAppError(thrown, 'backup-locked')) return null;
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
