import { AppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import type { FileStatus } from '$lib/domain/model-files';
import { createManifestStore, type ManifestStoreDeps } from './manifest-store';
import { download, folderUrl, keep, readBody, type Fetch } from './model-download';
import type { ModelFile, ModelManifest, SelfTestSentence } from './model-manifest';

export interface ModelFiles {
	readonly manifest: ModelManifest;
	/** By path below the model's folder. */
	readonly contents: ReadonlyMap<string, ArrayBuffer>;
}

export interface CacheStatus {
	readonly bytes: number;
	readonly cachedBytes: number;
	/** Every file is there and has the right hash. */
	readonly complete: boolean;
	readonly files: readonly FileStatus[];
	readonly manifest: ModelManifest;
}

/** Where the files of a model may be taken from: with the app, or only from what was stored before. */
export type ModelOrigin = 'bundled' | 'stored';

export interface ModelCache {
	/**
	 * All files of a model, each with the size and hash that `files.json` says: from the cache, else
	 * from the app's own origin. Nothing unchecked is kept or returned. Rejects with `model-missing`
	 * when a file cannot be had, with `model-invalid` when it is not the right one.
	 */
	load(baseUrl: string, modelId: string, origin?: ModelOrigin): Promise<ModelFiles>;
	/** Null when neither the cache nor the origin knows the model. */
	status(baseUrl: string, modelId: string, origin?: ModelOrigin): Promise<CacheStatus | null>;
	/**
	 * Keeps what a stored model said at its first start, to compare later starts with. When other files
	 * are stored by now, or none, nothing is written.
	 */
	recordSelfTest(
		baseUrl: string,
		manifest: ModelManifest,
		selfTest: readonly SelfTestSentence[]
	): Promise<void>;
	/** Bytes kept of a model, listed or not. */
	bytes(modelId: string): Promise<number>;
	/** Bytes freed. Null clears all models. */
	clear(modelId: string | null): Promise<number>;
}

const cacheName = 'ai-notes-models';

export const openModelCache = async (): Promise<Cache> => caches.open(cacheName);

export const createModelCache = (deps: ManifestStoreDeps): ModelCache => {
	const { fetch, openCache } = deps;
	const manifests = createManifestStore(deps);

	const loadFiles = async (baseUrl: string, manifest: ModelManifest): Promise<ModelFiles> => {
		const cache = await openCache();
		const contents = new Map<string, ArrayBuffer>();
		for (const file of manifest.files) {
			const url = `${folderUrl(baseUrl, manifest.id)}${file.path}`;
			contents.set(file.path, await loadFile(cache, fetch, url, file));
		}
		return { manifest, contents };
	};

	return {
		async load(baseUrl, id, origin = 'bundled') {
			if (origin === 'stored') {
				const stored = await manifests.ofAnyBuild(baseUrl, id);
				if (!stored) throw notStored(id);
				return readStored(await openCache(), baseUrl, stored);
			}
			const known = await manifests.ofThisBuild(baseUrl, id);
			if (!known) return loadFiles(baseUrl, await manifests.newest(baseUrl, id));
			try {
				return await loadFiles(baseUrl, known);
			} catch {
				// The host may have newer files than the list we remember.
				return loadFiles(baseUrl, await manifests.newest(baseUrl, id));
			}
		},
		async status(baseUrl, id, origin = 'bundled') {
			const remembered = await manifests.ofAnyBuild(baseUrl, id);
			const manifest =
				remembered ??
				(origin === 'stored' ? null : await manifests.newest(baseUrl, id).catch(() => null));
			return manifest && statusOf(await openCache(), baseUrl, manifest);
		},
		async recordSelfTest(baseUrl, manifest, selfTest) {
			const stored = await manifests.ofAnyBuild(baseUrl, manifest.id);
			// Another tab may have cleared it meanwhile, or fetched other files.
			if (stored?.revision !== manifest.revision || stored.dtype !== manifest.dtype) return;
			await manifests.replace(baseUrl, { ...stored, selfTest });
		},
		bytes: async (id) => sumOf(await openCache(), id),
		async clear(id) {
			const cache = await openCache();
			let freed = 0;
			for (const key of await keysOf(cache, id)) {
				const bytes = await bytesOf(cache, key);
				if (await cache.delete(key)) freed += bytes;
			}
			return freed;
		}
	};
};

const keysOf = async (cache: Cache, modelId: string | null): Promise<readonly Request[]> =>
	(await cache.keys()).filter(({ url }) => modelId === null || url.includes(`/models/${modelId}/`));

const sumOf = async (cache: Cache, modelId: string | null): Promise<number> => {
	let bytes = 0;
	for (const key of await keysOf(cache, modelId)) {
		bytes += await bytesOf(cache, key);
	}
	return bytes;
};

const bytesOf = async (cache: Cache, key: Request): Promise<number> =>
	(await (await cache.match(key))?.blob())?.size ?? 0;

const notStored = (modelId: string): AppError =>
	new AppError(
		'model-missing',
		`The files of ${modelId} are not in this browser. Download them on the Models page.`,
		{ modelId }
	);

/** Nothing is fetched: a file that is gone or damaged has to be downloaded by the user's wish. */
const readStored = async (
	cache: Cache,
	baseUrl: string,
	manifest: ModelManifest
): Promise<ModelFiles> => {
	const contents = new Map<string, ArrayBuffer>();
	for (const file of manifest.files) {
		const key = keyOf(`${folderUrl(baseUrl, manifest.id)}${file.path}`, file);
		const kept = await (await cache.match(key))?.arrayBuffer();
		if (!kept) throw notStored(manifest.id);
		const fault = await findFault(kept, file);
		if (fault) {
			const message = `${file.path} of ${manifest.id}: ${fault}. Download it again on the Models page.`;
			throw new AppError('model-invalid', message, { file: file.path });
		}
		contents.set(file.path, kept);
	}
	return { manifest, contents };
};

// The hash is part of the key: files of two releases never stand for each other.
export const keyOf = (url: string, { sha256 }: ModelFile): string => `${url}?sha256=${sha256}`;

const loadFile = async (
	cache: Cache,
	fetch: Fetch,
	url: string,
	file: ModelFile
): Promise<ArrayBuffer> => {
	const key = keyOf(url, file);
	const kept = await (await cache.match(key))?.arrayBuffer();
	if (kept && (await findFault(kept, file)) === null) return kept;
	if (kept) await cache.delete(key);
	const bytes = await readBody(await download(fetch, url), url);
	const fault = await findFault(bytes, file);
	if (fault) throw new AppError('model-invalid', `${file.path}: ${fault}.`, { file: file.path });
	await keep(cache, key, bytes);
	return bytes;
};

/** What is wrong with contents, in words; null when they are the file. */
export const findFault = async (bytes: ArrayBuffer, file: ModelFile): Promise<string | null> => {
	if (bytes.byteLength !== file.bytes) {
		return `${bytes.byteLength} bytes where ${file.bytes} were expected`;
	}
	const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
	return hash === file.sha256 ? null : 'the contents do not have the expected SHA-256';
};

const statusOf = async (
	cache: Cache,
	baseUrl: string,
	manifest: ModelManifest
): Promise<CacheStatus> => {
	const files: FileStatus[] = [];
	for (const file of manifest.files) {
		const url = `${folderUrl(baseUrl, manifest.id)}${file.path}`;
		const kept = await (await cache.match(keyOf(url, file)))?.arrayBuffer();
		const isRight = kept !== undefined && (await findFault(kept, file)) === null;
		files.push({ ...file, cachedBytes: kept?.byteLength ?? 0, isRight });
	}
	return {
		files,
		manifest,
		bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
		cachedBytes: files.reduce((sum, { cachedBytes }) => sum + cachedBytes, 0),
		complete: files.every(({ isRight }) => isRight)
	};
};
