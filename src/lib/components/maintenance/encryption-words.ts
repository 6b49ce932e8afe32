import type { BackupEncryption, OutstandingBackup } from '$lib/domain/backup-encryption';
import { plural } from '$lib/shared/number-format';
import { formatExact } from '$lib/shared/relative-time';

interface Words {
	readonly tone: 'ok' | 'warning' | 'failing' | 'neutral';
	readonly state: string;
	readonly text: string;
}

const format =
	'Files are in the age format: the free age program opens them without this app, too.';

/** The state of encryption in a word and in a sentence. */
export const describeEncryption = (status: BackupEncryption): Words => {
	const { mode, canBackUp, locked, keyCreatedAtMs } = status;
	const since = keyCreatedAtMs === null ? '' : ` since ${formatExact(keyCreatedAtMs, Date.now())}`;
	const lockedNote = locked.length > 0 ? ` ${plural(locked.length, 'backup')} locked.` : '';
	switch (mode) {
		case 'off':
			return {
				tone: 'neutral',
				state: 'off',
				text: `Backups are plain files: who has one can read your notes. With a passphrase you are asked for it once after each start. With a recovery key automatic backups need nothing, and only the key opens them.${lockedNote}`
			};
		case 'passphrase':
			return canBackUp
				? {
						tone: 'ok',
						state: 'passphrase, unlocked',
						text: `New backups are encrypted with your passphrase${since}. It stays in memory until you close the app, and is stored nowhere.${lockedNote} ${format}`
					}
				: {
						tone: 'warning',
						state: 'passphrase needed',
						text: `New backups are encrypted with a passphrase${since}, and it is not in memory: until you give it no backup is made, and never a plain one instead.`
					};
		case 'recovery-key':
			return {
				tone: 'ok',
				state: 'recovery key',
				text: `New backups are encrypted for your recovery key${since}. Making them needs no secret; opening them does.${lockedNote} ${format}`
			};
		case 'unknown':
			return {
				tone: 'failing',
				state: 'not known',
				text: 'How backups are to be encrypted is not known any more: its record in this browser is gone or damaged. No backup is made until you choose again. The kept ones open as before.'
			};
	}
};

export const describeOutstanding = ({
	openedBy,
	keyCreatedAtMs,
	unlocked
}: OutstandingBackup): string => {
	if (openedBy === null) return 'plain';
	const what = openedBy === 'recovery-key' ? 'an older recovery key' : 'an older passphrase';
	const since = keyCreatedAtMs === null ? '' : ` of ${formatExact(keyCreatedAtMs, Date.now())}`;
	return `opens with ${what}${since}${unlocked ? '' : ', locked'}`;
};
