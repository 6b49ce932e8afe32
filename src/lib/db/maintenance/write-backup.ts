import { AppError } from '$lib/shared/app-error';
import type { Sealing } from '$lib/db/encryption/vault';
import type { BackupFiles } from '$lib/db/opfs/backup-files';
import { blobStream, drain, hashStream, meter, type ByteStream } from '$lib/db/opfs/byte-stream';
import { hashBlob, hashBlobAndSlices } from '$lib/db/opfs/hash-blob';
import { createDigests } from '$lib/shared/slice-hash';

/** What lies on disk now, as it was read back. */
export interface WrittenFile {
	readonly sha256: string;
	readonly sizeBytes: number;
	readonly encrypted: boolean;
	readonly plainSha256?: string;
	readonly keyId?: string;
}

/**
 * Writes the bytes of a checked database to `name.part`, encrypted when there is a sealing, and reads
 * the file back: the hash of what lies there is that of what was written, and an encrypted one opens
 * again to the same database.
 */
export const writeBackup = async (
	files: BackupFiles,
	name: string,
	plain: ByteStream,
	sealing: Sealing | null
): Promise<WrittenFile> => {
	if (!sealing) return writePlain(files, name, plain);
	const inside = meter(plain);
	const sealed = await sealing.seal(inside.stream);
	const { part, written } = await writeAndCompare(files, name, sealed.stream);
	const plainSha256 = inside.sha256();
	if ((await hashStream(await sealed.reopen(blobStream(part)))) !== plainSha256) {
		throw notReadBack(name);
	}
	return { ...written, encrypted: true, plainSha256, keyId: sealing.keyId };
};

/** The slices that were written are those that are read back; the hash of all of it is taken there. */
const writePlain = async (
	files: BackupFiles,
	name: string,
	plain: ByteStream
): Promise<WrittenFile> => {
	const digests = createDigests();
	const part = await files.writePart(name, async (sink) =>
		drain(plain, async (bytes) => {
			sink(bytes);
			await digests.add(bytes);
		})
	);
	const { sha256, slices } = await hashBlobAndSlices(part);
	if (slices !== (await digests.join())) throw notReadBack(name);
	return { sha256, sizeBytes: part.size, encrypted: false };
};

const writeAndCompare = async (
	files: BackupFiles,
	name: string,
	stream: ByteStream
): Promise<{ readonly part: File; readonly written: { sha256: string; sizeBytes: number } }> => {
	const outside = meter(stream);
	const part = await files.writePart(name, async (sink) => drain(outside.stream, sink));
	const sha256 = outside.sha256();
	if ((await hashBlob(part)) !== sha256) throw notReadBack(name);
	return { part, written: { sha256, sizeBytes: part.size } };
};

const notReadBack = (name: string): AppError =>
	new AppError('backup-invalid', `${name} does not read back as it was written.`);
