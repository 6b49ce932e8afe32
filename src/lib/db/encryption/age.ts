import type { RecoveryKey, SecretKind } from '$lib/domain/backup-encryption';
import { AppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import { peek, type Bytes, type ByteStream } from '$lib/db/opfs/byte-stream';
import { sha256 } from '@noble/hashes/sha2.js';

/** What opens a file. */
export interface Secret {
	readonly kind: SecretKind;
	readonly text: string;
}

/** What a file is made for: a passphrase, or the public half of a recovery key. */
export interface Lock {
	readonly kind: SecretKind;
	readonly text: string;
}

export interface Sealed {
	readonly stream: ByteStream;
	/** Opens what was sealed, read back from where it was written. */
	readonly reopen: (written: ByteStream) => Promise<ByteStream>;
}

/** Files in the age format (RELIABILITY.md 3.5): `age -d` opens them without this app. */
export interface Age {
	/** `workFactor` of scrypt, as a power of two. */
	seal(plain: ByteStream, lock: Lock): Promise<Sealed>;
	/**
	 * The plain bytes, authenticated piece by piece; the last one only when the end of the file is whole.
	 * Rejects with `wrong-passphrase` when none of the secrets fits, `backup-invalid` when it is damaged.
	 */
	open(sealed: ByteStream, secrets: readonly Secret[], name: string): Promise<ByteStream>;
	/** Drops what was remembered of files opened before. */
	forget(): void;
	createRecoveryKey(): Promise<RecoveryKey>;
	/** The public half; throws `wrong-passphrase` when the text is no key at all. */
	recipientOf(identity: string): Promise<string>;
	/** Throws `input-invalid` when the text is no public key. */
	checkRecipient(recipient: string): Promise<void>;
}

const keyPrefix = 'AGE-SECRET-KEY-1';

/** A passphrase, or a recovery key however it was typed. */
export const toSecret = (typed: string): Secret => {
	const compact = typed.replace(/\s+/g, '').toUpperCase();
	return compact.startsWith(keyPrefix)
		? { kind: 'recovery-key', text: compact }
		: { kind: 'passphrase', text: typed.normalize('NFC') };
};

/** What age itself uses: about a second here, 256 MB while it lasts. */
const defaultWorkFactor = 18;

export const createAge = (workFactor = defaultWorkFactor): Age => {
	const opener = createOpener();
	return {
		open: opener.open,
		forget: opener.forget,
		seal: async (plain, lock) => seal(plain, lock, { workFactor, open: opener.open }),
		...recoveryKeys
	};
};

const seal = async (
	plain: ByteStream,
	lock: Lock,
	{ workFactor, open }: { readonly workFactor: number; readonly open: Age['open'] }
): Promise<Sealed> => {
	const { Encrypter } = await load();
	const encrypter = new Encrypter();
	if (lock.kind === 'passphrase') {
		encrypter.setScryptWorkFactor(workFactor);
		encrypter.setPassphrase(lock.text);
		const stream = (await encrypter.encrypt(plain)) as ByteStream;
		return { stream, reopen: async (written) => open(written, [lock], 'the new file') };
	}
	let fileKey: Uint8Array | null = null;
	encrypter.addRecipient(lock.text);
	// The private half is not here: the key of this one file proves that its bytes open again.
	encrypter.addRecipient({
		wrapFileKey(key) {
			fileKey = key.slice();
			return [];
		}
	});
	const stream = (await encrypter.encrypt(plain)) as ByteStream;
	return { stream, reopen: async (written) => read(written, fileKey, 'the new file') };
};

const recoveryKeys: Pick<Age, 'createRecoveryKey' | 'recipientOf' | 'checkRecipient'> = {
	async createRecoveryKey() {
		const { generateX25519Identity, identityToRecipient } = await load();
		const identity = await generateX25519Identity();
		return { identity, recipient: await identityToRecipient(identity) };
	},
	async recipientOf(identity) {
		const { identityToRecipient } = await load();
		try {
			return await identityToRecipient(identity);
		} catch (cause) {
			throw wrong(cause);
		}
	},
	async checkRecipient(recipient) {
		const { Encrypter } = await load();
		try {
			new Encrypter().addRecipient(recipient);
		} catch (cause) {
			throw new AppError('input-invalid', 'This is not a public key of age.', {}, { cause });
		}
	}
};

/** Only who encrypts pays for the code. */
const load = async () => import('age-encryption');

/** The longest header that is read. A longer one is made to use up memory. */
export const longestHeader = 64 * 1024;

/**
 * Finding the key of a file costs scrypt's second. The keys of files opened before are kept, in memory
 * only and by header and secret, so that looking at a backup and restoring it asks for one second.
 */
const createOpener = (): Pick<Age, 'open' | 'forget'> => {
	const fileKeys = new Map<string, Uint8Array>();
	const findKey = async (header: Bytes, secrets: readonly Secret[]): Promise<Uint8Array> => {
		for (const secret of secrets) {
			const id = `${hashOf(header)} ${hashOf(new TextEncoder().encode(secret.text))}`;
			const known = fileKeys.get(id) ?? (await unwrap(header, secret));
			if (known === null) continue;
			fileKeys.set(id, known);
			return known;
		}
		throw wrong();
	};
	return {
		forget: () => fileKeys.clear(),
		async open(sealed, secrets, name) {
			const { head, stream } = await peek(sealed, longestHeader);
			const header = headerOf(head);
			if (!header) throw damaged(name, 'its header is damaged');
			try {
				return await read(stream, await findKey(header, secrets), name);
			} catch (thrown) {
				await stream.cancel().catch(() => undefined); // The first failure is the one to report.
				throw translate(thrown, name);
			}
		}
	};
};

const hashOf = (bytes: Uint8Array): string => toHex(sha256(bytes));

const headerEnd = /\n--- [^\n]*\n/;

const headerOf = (head: Bytes): Bytes | null => {
	const found = headerEnd.exec(new TextDecoder('latin1').decode(head));
	return found ? head.slice(0, found.index + found[0].length) : null;
};

/** The key of the file, or null when the secret does not fit. */
const unwrap = async (header: Bytes, { kind, text }: Secret): Promise<Uint8Array | null> => {
	const { Decrypter } = await load();
	const decrypter = new Decrypter();
	try {
		if (kind === 'passphrase') decrypter.addPassphrase(text);
		else decrypter.addIdentity(text);
	} catch {
		return null; // Not a key at all.
	}
	try {
		return await decrypter.decryptHeader(header);
	} catch (thrown) {
		if (thrown instanceof Error && /no identity matched/.test(thrown.message)) return null;
		throw thrown;
	}
};

const read = async (
	sealed: ByteStream,
	fileKey: Uint8Array | null,
	name: string
): Promise<ByteStream> => {
	const { Decrypter } = await load();
	const decrypter = new Decrypter();
	decrypter.addIdentity({ unwrapFileKey: () => fileKey });
	try {
		return watchDamage((await decrypter.decrypt(sealed)) as ByteStream, name);
	} catch (thrown) {
		throw translate(thrown, name);
	}
};

/** Damage behind the header shows while reading. */
const watchDamage = (stream: ByteStream, name: string): ByteStream => {
	const reader = stream.getReader();
	return new ReadableStream<Bytes>(
		{
			async pull(controller) {
				try {
					const { done, value } = await reader.read();
					if (done) controller.close();
					else controller.enqueue(value);
				} catch (thrown) {
					throw translate(thrown, name);
				}
			},
			cancel: async (reason) => reader.cancel(reason)
		},
		{ highWaterMark: 0 }
	);
};

const wrong = (cause?: unknown): AppError => {
	const message = 'This passphrase or key does not open it.';
	return new AppError('wrong-passphrase', message, {}, { cause });
};

const damaged = (name: string, why: string, cause?: unknown): AppError => {
	const message = `${name} is damaged, cut off or was changed: its encryption does not hold (${why}).`;
	return new AppError('backup-invalid', message, {}, { cause });
};

/** age throws plain errors: its words are all there is to tell them apart. */
const translate = (thrown: unknown, name: string): unknown => {
	if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
	const isOfAge = /tag|header|stanza|chunk|version|MAC|scrypt|base64|line/i.test(thrown.message);
	return isOfAge ? damaged(name, thrown.message, thrown) : thrown;
};
