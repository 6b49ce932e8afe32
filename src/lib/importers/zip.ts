import { AppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';
import {
	BlobReader,
	Uint8ArrayReader,
	ZipReader,
	type FileEntry
} from '@zip.js/zip.js/lib/zip-core-native.js';
import type { ArchiveFormat, ImportSource } from './import-source';
import { createByteCounter, type ByteCounter } from './zip-byte-counter';
import { zipLimits, type ZipLimits } from './zip-limits';

export const zipFormat: ArchiveFormat = {
	id: 'zip',
	extensions: ['zip'],
	open: (archive, name) => openZip(archive, name, zipLimits)
};

/** The files of a zip, one after the other. No worker: the policy of the page forbids blob workers. */
export async function* openZip(
	archive: Blob,
	name: string,
	limits: ZipLimits
): AsyncGenerator<ImportSource> {
	const reader = new ZipReader<unknown>(await toReader(archive), {
		useWebWorkers: false,
		filenameValidation: 'tolerant',
		checkSignature: true
	});
	const counter = createByteCounter(name, limits);
	try {
		for await (const entry of listEntries(reader, name)) {
			counter.countEntry();
			if (entry.directory) continue;
			if (entry.encrypted) throw locked(name);
			yield toSource(entry, counter, limits);
		}
	} finally {
		await reader.close();
	}
}

/** Each read of a file is a trip to another process, and a zip of notes needs thousands of them. */
const readWholeUpTo = 64 * mebibyte;

const toReader = async (archive: Blob): Promise<BlobReader | Uint8ArrayReader> =>
	archive.size <= readWholeUpTo
		? new Uint8ArrayReader(new Uint8Array(await archive.arrayBuffer()))
		: new BlobReader(archive);

type ListedEntry = Awaited<ReturnType<ZipReader<unknown>['getEntries']>>[number];

async function* listEntries(reader: ZipReader<unknown>, name: string): AsyncGenerator<ListedEntry> {
	const entries = reader.getEntriesGenerator();
	for (;;) {
		const next = await entries.next().catch((cause: unknown) => {
			throw new AppError(
				'input-invalid',
				`${name} is not a complete zip file: it is cut off or damaged.`,
				{},
				{ cause }
			);
		});
		if (next.done) return;
		yield next.value;
	}
}

const toSource = (entry: FileEntry, counter: ByteCounter, limits: ZipLimits): ImportSource => ({
	path: entry.filename.replaceAll('\\', '/').replace(/^(?:\.\/)+/, ''),
	sizeBytes: entry.uncompressedSize,
	modifiedAtMs: timeOf(entry.lastModDate),
	checkClaim: () =>
		counter.startFile(entry.filename, entry.compressedSize).checkRatio(entry.uncompressedSize),
	read: async () => {
		refuseBadName(entry.filename.replaceAll('\\', '/'), limits.depth);
		return unpack(entry, counter);
	}
});

const timeOf = (date: Date | undefined): number | null => {
	const timeMs = date?.getTime();
	return timeMs === undefined || Number.isNaN(timeMs) ? null : timeMs;
};

const refuseBadName = (path: string, depth: number): void => {
	const parts = path.split('/');
	if (
		path.startsWith('/') ||
		/^[a-z]:/i.test(path) ||
		parts.includes('..') ||
		path.includes('\0')
	) {
		throw new AppError('input-invalid', 'Its name leads out of the archive.');
	}
	if (parts.length > depth + 1) {
		throw new AppError('input-invalid', `It lies more than ${depth} folders deep.`);
	}
};

const unpack = async (entry: FileEntry, counter: ByteCounter): Promise<Uint8Array> => {
	const file = counter.startFile(entry.filename, entry.compressedSize);
	file.checkRatio(entry.uncompressedSize);
	try {
		await entry.getData(file.writable);
	} catch (cause) {
		if (file.refusal) throw file.refusal;
		throw new AppError('input-invalid', 'It is damaged inside the archive.', {}, { cause });
	}
	return file.bytes();
};

const locked = (name: string): AppError =>
	new AppError(
		'input-invalid',
		`${name} is locked with a password: unpack it first, then choose the folder.`
	);
