import type { BackupManifest } from '$lib/domain/backup';
import { AppError } from '$lib/shared/app-error';
import { plural } from '$lib/shared/number-format';
import { toIso } from '$lib/shared/time';
import { createTimeSlice } from '$lib/shared/time-slice';
import {
	BlobReader,
	BlobWriter,
	TextReader,
	ZipReader,
	ZipWriter
} from '@zip.js/zip.js/lib/zip-core-native.js';
import { addMarkdown, type ReadSlice } from './markdown-zip';

export interface KitParts {
	readonly manifest: BackupManifest;
	readonly backup: Blob;
	/** The page that opens the backup: one HTML file. */
	readonly page: string;
	/** The notes for plain Markdown; null leaves them out. */
	readonly readSlice: ReadSlice | null;
	readonly hash: (file: Blob) => Promise<string>;
	readonly onNotes?: (done: number) => void;
}

export interface RecoveryKit {
	readonly blob: Blob;
	/** Notes that stand in it as plain Markdown. */
	readonly markdown: number;
}

export const kitPageName = 'open-backup.html';

/** One zip for the day when this app and this site are gone. Resolves after it was read back. */
export const writeRecoveryKit = async (parts: KitParts): Promise<RecoveryKit> => {
	const { manifest, backup, page, readSlice } = parts;
	const writer = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
	await writer.add('README.txt', new TextReader(readmeOf(manifest, readSlice !== null)));
	await writer.add(kitPageName, new TextReader(page));
	await writer.add(manifest.name, new BlobReader(backup));
	const markdown = readSlice ? await addMarkdown(writer, 'notes/', readSlice, parts.onNotes) : 0;
	const blob = await writer.close();
	await readBack(blob, parts, markdown);
	return { blob, markdown };
};

const readBack = async (blob: Blob, parts: KitParts, markdown: number): Promise<void> => {
	const words = 'The recovery kit did not read back as it was written.';
	const isWhole = await compare(blob, parts, markdown).catch((cause: unknown) => {
		throw new AppError('copy-failed', words, {}, { cause });
	});
	if (!isWhole) throw new AppError('copy-failed', words);
};

/** Every entry is read: each has to give the checksum stored with it. */
const compare = async (blob: Blob, parts: KitParts, markdown: number): Promise<boolean> => {
	const { manifest, backup, page, hash } = parts;
	const reader = new ZipReader(new BlobReader(blob), {
		useWebWorkers: false,
		checkSignature: true
	});
	const slice = createTimeSlice();
	const whole = new Set<string>();
	try {
		for (const entry of await reader.getEntries()) {
			if (entry.directory) return false;
			const inside = await entry.getData(new BlobWriter());
			const { filename } = entry;
			if (filename === manifest.name && (await hash(inside)) !== (await hash(backup))) return false;
			if (filename === kitPageName && (await inside.text()) !== page) return false;
			whole.add(filename);
			await slice.breathe();
		}
	} finally {
		await reader.close();
	}
	const isThere = [manifest.name, kitPageName].every((name) => whole.has(name));
	return isThere && whole.size === markdown + 3;
};

const readmeOf = (manifest: BackupManifest, withNotes: boolean): string =>
	[
		'RECOVERY KIT OF AI NOTES',
		'',
		`Made from the backup of ${toIso(manifest.createdAtMs)}, with ${plural(manifest.notes, 'note')}.`,
		'You need neither the app nor a network to read it.',
		'',
		`1. Unpack this zip. Open ${kitPageName} in a browser (a double click does it).`,
		`2. Choose the file ${manifest.name}.`,
		...(manifest.encrypted
			? [
					'   It is encrypted: type the passphrase or recovery key of that time. Without it nobody can open it.'
				]
			: []),
		'3. Search, read, and save single notes as Markdown.',
		'',
		'Other ways in:',
		'- In AI Notes: Backups, “Restore from a file”.',
		...(manifest.encrypted
			? [
					`- age -d ${manifest.name} > notes.sqlite3 (https://age-encryption.org), then any SQLite tool.`
				]
			: [`- Any SQLite tool opens ${manifest.name}; the notes are in the table “notes”.`]),
		...(withNotes
			? ['- The folder “notes” has every note outside the trash as a Markdown file.']
			: []),
		...(manifest.encrypted && withNotes
			? ['', 'Beware: the folder “notes” is NOT encrypted. Its maker chose that.']
			: []),
		...(manifest.encrypted && !withNotes
			? [
					'',
					'Nothing in this kit can be read without the key: there is no plain copy of a note in it.'
				]
			: []),
		'',
		`SHA-256 of ${manifest.name}:`,
		manifest.sha256,
		''
	].join('\r\n');
