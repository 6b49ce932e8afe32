import { AppError } from '$lib/shared/app-error';
import type { Sealing } from '$lib/db/encryption/vault';
import type { BackupFiles } from '$lib/db/opfs/backup-files';
import { blobStream, drain, hashStream, meter, type ByteStream } from '$lib/db/opfs/byte-stream';
import { hashBlob } from '$lib/db/opfs/hash-blob';

/** What lies on disk now, as it was read back. */
export interface WrittenFile {
	readonly sha256: string;
	readonly sizeBytes: number;
	readonly encrypted: boolean;
	readonly plainSha256?: string;
	readonly keyId?: string;
}

/**
 * Writes the bytes of a checked database to `name.part`, encrypted, and reads the file back: the hash of
 * what lies there is that of what was written, and it opens again to the same database.
 */
export const writeBackup = async (
	files: BackupFiles,
	name: string,
	plain: ByteStream,
	sealing: Sealing
): Promise<WrittenFile> => {
	const inside = meter(plain);
	const sealed = await sealing.seal(inside.stream);
	const { part, written } = await writeAndCompare(files, name, sealed.stream);
	const plainSha256 = inside.sha256();
	if ((await hashStream(await sealed.reopen(blobStream(part)))) !== plainSha256) {
		throw notReadBack(name);
	}
	return { ...written, encrypted: true, plainSha256, keyId: sealing.keyId };
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

export const notReadBack = (name: string): AppError =>
	new AppError('backup-invalid', `${name} does not read back as it was written.`);
