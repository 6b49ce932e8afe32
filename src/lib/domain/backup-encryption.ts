/** How new backups are written. */
export type EncryptionMode = 'off' | 'passphrase' | 'recovery-key';

/** What opens a file: a passphrase (age's scrypt), or the private half of a recovery key (X25519). */
export type SecretKind = Exclude<EncryptionMode, 'off'>;

export type EncryptionChoice =
	| { readonly mode: 'off' }
	| { readonly mode: 'passphrase'; readonly passphrase: string }
	/** Only the public half is kept; the private half is the user's. */
	| { readonly mode: 'recovery-key'; readonly recipient: string };

/** A recovery key, shown once. */
export interface RecoveryKey {
	/** `AGE-SECRET-KEY-1…`: opens the backups. */
	readonly identity: string;
	/** `age1…`: makes them. */
	readonly recipient: string;
}

/** A kept backup that the present key does not open. */
export interface OutstandingBackup {
	readonly name: string;
	/** Null: it is plain. */
	readonly openedBy: SecretKind | null;
	/** Since when that key was in use; null when it is plain or that is not known. */
	readonly keyCreatedAtMs: number | null;
	/** Whether it can be opened now. */
	readonly unlocked: boolean;
}

export interface BackupEncryption {
	/** `unknown`: the record of it is lost, and no backup is made until it is chosen again. */
	readonly mode: EncryptionMode | 'unknown';
	/** False while the passphrase is not in memory: then a backup fails with `backup-locked`. */
	readonly canBackUp: boolean;
	/** Since when the present key is in use; null when encryption is off. */
	readonly keyCreatedAtMs: number | null;
	/** Encrypted backups that nothing in memory opens. */
	readonly locked: readonly string[];
	/** Kept backups under another key or none: an unfinished change of passphrase. Empty when off. */
	readonly outstanding: readonly OutstandingBackup[];
}

export interface ReencryptReport {
	readonly reencrypted: number;
	/** Those that stay as they were, each whole and openable as before. */
	readonly left: readonly { readonly name: string; readonly reason: string }[];
	readonly durationMs: number;
}

export const shortestPassphrase = 8;

export type PassphraseStrength = 'too-short' | 'weak' | 'fair' | 'strong';

/**
 * A hint, not a proof: guesses a reader of the backup would need, in bits, from length, kinds of
 * characters and repetition. Words count as words, not as letters.
 */
export const judgePassphrase = (passphrase: string): PassphraseStrength => {
	const letters = [...passphrase];
	if (letters.length < shortestPassphrase) return 'too-short';
	const bits = Math.min(bitsOfCharacters(letters), bitsOfWords(passphrase));
	if (bits < 40) return 'weak';
	return bits < 60 ? 'fair' : 'strong';
};

const kinds = [
	{ pattern: /[a-z]/, size: 26 },
	{ pattern: /[A-Z]/, size: 26 },
	{ pattern: /[0-9]/, size: 10 },
	{ pattern: /[\x20-\x7e]/, not: /[a-zA-Z0-9]/g, size: 33 },
	{ pattern: /[^\x20-\x7e]/, size: 100 }
] as const;

const bitsOfCharacters = (letters: readonly string[]): number => {
	const text = letters.join('');
	const pool = kinds.reduce((sum, kind) => {
		const rest = 'not' in kind ? text.replace(kind.not, '') : text;
		return sum + (kind.pattern.test(rest) ? kind.size : 0);
	}, 0);
	// A repeated or counted-on letter (aaa, 123, abc) adds next to nothing.
	const effective = letters.filter((letter, i) => !followsFrom(letters[i - 1], letter)).length;
	const distinct = new Set(letters).size;
	return Math.min(effective, distinct * 2) * Math.log2(Math.max(pool, 2));
};

const followsFrom = (before: string | undefined, letter: string): boolean => {
	if (before === undefined) return false;
	const step = (letter.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
	return Math.abs(step) <= 1;
};

const bitsPerWord = 11;

/** Only for what looks like words: letters with spaces, dashes or dots between. */
const bitsOfWords = (passphrase: string): number => {
	const words = passphrase.toLowerCase().split(/[\s._-]+/);
	const areWords = words.every((word) => /^\p{L}*\d{0,4}$/u.test(word));
	return areWords ? new Set(words).size * bitsPerWord + digitBits(passphrase) : Infinity;
};

const digitBits = (text: string): number => (text.match(/\d/g) ?? []).length * 3;
