import type { EncryptionMode, SecretKind } from '$lib/domain/backup-encryption';
import { AppError } from '$lib/shared/app-error';

/** One key that backups of this browser are or were made with. Never what opens them. */
export interface BackupKey {
	readonly id: string;
	readonly kind: SecretKind;
	readonly createdAtMs: number;
	/** Public half of a recovery key. */
	readonly recipient: string | null;
	/** A known text sealed with the passphrase, base64: tells a right passphrase from a wrong one. */
	readonly check: string | null;
}

/** How backups are encrypted. Lies beside them, so that a restore does not change it. */
export interface KeyRecord {
	readonly formatVersion: 1;
	readonly mode: EncryptionMode;
	readonly currentKeyId: string | null;
	readonly keys: readonly BackupKey[];
}

export const noEncryption: KeyRecord = {
	formatVersion: 1,
	mode: 'off',
	currentKeyId: null,
	keys: []
};

/**
 * What is known of the encryption. Lost or damaged it must not turn into "off": whoever asked for
 * encrypted backups would get plain ones.
 */
export const parseKeyRecord = (text: string | null, hasEncrypted: boolean): KeyRecord => {
	if (text === null && !hasEncrypted) return noEncryption;
	const record = text === null ? null : parse(text);
	if (record) return record;
	const message =
		'How backups are to be encrypted is not known any more. Choose it again on the Backups page.';
	throw new AppError('backup-locked', message, { need: 'choice' });
};

const parse = (text: string): KeyRecord | null => {
	try {
		const value = JSON.parse(text) as KeyRecord;
		const isWhole = value.formatVersion === 1 && Array.isArray(value.keys);
		return isWhole && (value.mode === 'off' || presentKey(value)) ? value : null;
	} catch {
		return null;
	}
};

export const presentKey = ({ mode, currentKeyId, keys }: KeyRecord): BackupKey | null =>
	mode === 'off' ? null : (keys.find(({ id }) => id === currentKeyId) ?? null);

/** The record with this key as the present one; keys that no kept backup is under are forgotten. */
export const withPresentKey = (
	record: KeyRecord,
	key: BackupKey | null,
	idsInUse: ReadonlySet<string>
): KeyRecord => {
	const kept = record.keys.filter(({ id }) => id !== key?.id && idsInUse.has(id));
	return {
		formatVersion: 1,
		mode: key?.kind ?? 'off',
		currentKeyId: key?.id ?? null,
		keys: key ? [key, ...kept] : kept
	};
};
