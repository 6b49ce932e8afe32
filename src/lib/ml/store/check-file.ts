import { sha256 } from '@noble/hashes/sha2.js';
import { AppError } from '$lib/shared/app-error';
import { formatBytes, toHex } from '$lib/shared/bytes';

/** What a file must be, as far as anybody said so. */
export interface Expected {
	readonly path: string;
	readonly bytes: number | null;
	readonly sha256: string | null;
	readonly gitId: string | null;
}

/**
 * The SHA-256 of a file that is what it should be. Rejects with `model-invalid`, naming the file, for
 * another size or hash, a web page, or something that is no such file at all.
 */
export const checkFile = async (file: Blob, expected: Expected): Promise<string> => {
	const fault = await findFault(file, expected);
	const hash = await hashOf(file);
	const found = fault ?? wrongHash(hash, expected.sha256);
	if (found === null) return hash;
	throw new AppError('model-invalid', `${expected.path}: ${found} Nothing of it is used.`, {
		file: expected.path
	});
};

const findFault = async (file: Blob, { path, bytes, gitId }: Expected): Promise<string | null> => {
	const start = await file.slice(0, 512).text();
	if (/^\s*<(!doctype|html)/i.test(start)) return 'a web page came instead of the file.';
	if (bytes !== null && file.size !== bytes) {
		return `${formatBytes(file.size)} (${file.size} bytes) where ${bytes} bytes were expected.`;
	}
	if (path.endsWith('.json') && !(await isJson(file))) return 'it is no JSON file.';
	// Every ONNX file begins with the number of its format.
	if (path.endsWith('.onnx') && !start.startsWith('\b')) return 'it is no ONNX model.';
	if (gitId !== null && (await gitIdOf(file)) !== gitId) return wrongContents;
	return null;
};

const wrongContents = 'the contents are not those that the host lists.';

const wrongHash = (hash: string, expected: string | null): string | null =>
	expected === null || hash === expected
		? null
		: `the contents do not have the expected SHA-256 (${expected.slice(0, 12)}…).`;

const hashOf = async (file: Blob): Promise<string> => {
	const hash = sha256.create();
	const reader = file.stream().getReader();
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return toHex(hash.digest());
		hash.update(value);
	}
};

const isJson = async (file: Blob): Promise<boolean> => {
	try {
		JSON.parse(await file.text());
		return true;
	} catch {
		return false;
	}
};

/** The name that git has for these contents. */
const gitIdOf = async (file: Blob): Promise<string> => {
	const head = new TextEncoder().encode(`blob ${file.size}\0`);
	const bytes = await new Blob([head, file]).arrayBuffer();
	return toHex(new Uint8Array(await crypto.subtle.digest('SHA-1', bytes)));
};
