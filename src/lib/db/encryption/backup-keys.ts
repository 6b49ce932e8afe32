import { shortestPassphrase, type EncryptionChoice } from '$lib/domain/backup-encryption';
import { AppError, isAppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import { sha256 } from '@noble/hashes/sha2.js';
import { blobStream, drain, type Bytes, type ByteStream } from '$lib/db/opfs/byte-stream';
import { toSecret, type Age, type Secret } from './age';
import type { BackupKey } from './key-record';

const checkText = 'ai-notes backup passphrase';

/** What is recorded of a new key, and what opens it when that is here. */
export const makeKey = async (
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

/** The keys that a secret opens. */
export const findFitting = async (
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
