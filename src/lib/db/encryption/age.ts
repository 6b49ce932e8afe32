import type { RecoveryKey, SecretKind } from '$lib/domain/backup-encryption';
import { AppError } from '$lib/shared/app-error';
import type { Bytes, ByteStream } from '$lib/db/opfs/byte-stream';

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

export const createAge = (workFactor = defaultWorkFactor): Age => ({
	async seal(plain, lock) {
		const { Encrypter } = await load();
		const encrypter = new Encrypter();
		if (lock.kind === 'passphrase') {
			encrypter.setScryptWorkFactor(workFactor);
			encrypter.setPassphrase(lock.text);
			const stream = (await encrypter.encrypt(plain)) as ByteStream;
			return { stream, reopen: async (written) => openWith(written, [lock], 'the new file') };
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
		return { stream, reopen: async (written) => openWithKey(written, fileKey) };
	},
	open: openWith,
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
});

/** Only who encrypts pays for the code. */
const load = async () => import('age-encryption');

const openWith = async (
	sealed: ByteStream,
	secrets: readonly Secret[],
	name: string
): Promise<ByteStream> => {
	const { Decrypter } = await load();
	const decrypter = new Decrypter();
	try {
		for (const { kind, text } of secrets) {
			if (kind === 'passphrase') decrypter.addPassphrase(text);
			else decrypter.addIdentity(text);
		}
	} catch (cause) {
		throw wrong(cause);
	}
	try {
		return watchDamage((await decrypter.decrypt(sealed)) as ByteStream, name);
	} catch (thrown) {
		throw translate(thrown, name);
	}
};

const openWithKey = async (
	written: ByteStream,
	fileKey: Uint8Array | null
): Promise<ByteStream> => {
	const { Decrypter } = await load();
	const decrypter = new Decrypter();
	decrypter.addIdentity({ unwrapFileKey: () => fileKey });
	try {
		return watchDamage((await decrypter.decrypt(written)) as ByteStream, 'the new file');
	} catch (thrown) {
		throw translate(thrown, 'the new file');
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

const wrong = (cause: unknown): AppError => {
	const message = 'This passphrase or key does not open it.';
	return new AppError('wrong-passphrase', message, {}, { cause });
};

/** age throws plain errors: its words are all there is to tell them apart. */
const translate = (thrown: unknown, name: string): unknown => {
	if (thrown instanceof AppError || !(thrown instanceof Error)) return thrown;
	if (/no identity matched/.test(thrown.message)) return wrong(thrown);
	if (!/tag|header|stanza|chunk|version|MAC|scrypt|base64|line/i.test(thrown.message))
		return thrown;
	const message = `${name} is damaged, cut off or was changed: its encryption does not hold (${thrown.message}).`;
	return new AppError('backup-invalid', message, {}, { cause: thrown });
};
