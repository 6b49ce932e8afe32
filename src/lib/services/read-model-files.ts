import type { GivenFile } from '$lib/protocol/model-store-api';
import { AppError } from '$lib/shared/app-error';
import { mebibyte } from '$lib/shared/bytes';

/** What a repository of a model holds at most; sizes are counted while unpacking, never believed. */
const modelZipLimits = {
	entries: 1_000,
	entryBytes: 600 * mebibyte,
	totalBytes: 1024 * mebibyte,
	ratio: 100,
	ratioFromBytes: 16 * mebibyte,
	depth: 16
};

const isOfModel = /(^|\/)((config|tokenizer|tokenizer_config)\.json|model(_quantized)?\.onnx)$/;

/**
 * Files of a model as the user chose them: one by one, a folder, or a zip, of which only what belongs to
 * a model is unpacked. Rejects with `input-invalid` or `input-too-large`.
 */
export const readModelFiles = async (files: readonly File[]): Promise<readonly GivenFile[]> => {
	const [first] = files;
	if (first && files.length === 1 && /\.zip$/i.test(first.name)) return unzip(first);
	const given = files
		.map((file) => ({ path: file.webkitRelativePath || file.name, blob: file }))
		.filter(({ path }) => isOfModel.test(path));
	if (given.length > 0) return given;
	throw new AppError('input-invalid', 'None of the chosen files belongs to a model.');
};

const unzip = async (archive: File): Promise<readonly GivenFile[]> => {
	const { openZip } = await import('$lib/importers/zip');
	const given: GivenFile[] = [];
	for await (const entry of openZip(archive, archive.name, modelZipLimits)) {
		if (!isOfModel.test(entry.path)) continue;
		entry.checkClaim?.();
		const bytes = await entry.read();
		given.push({ path: entry.path, blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) });
	}
	if (given.length > 0) return given;
	throw new AppError('input-invalid', `${archive.name} holds no files of a model.`);
};
