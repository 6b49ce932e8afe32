import { AppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import { createManifestStore, type ManifestStoreDeps } from './manifest-store';
import { download, folderUrl, keep, readBody, type Fetch } from './model-download';
import type { ModelFile, ModelManifest } from './model-manifest';

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
}

export interface ModelCache {
	/**
	 * All files of a model, each with the size and hash that `files.json` says: from the cache, else
	 * from the app's own origin. Nothing unchecked is kept or returned. Rejects with `model-missing`
	 * when a file cannot be had, with `model-invalid` when it is not the right one.
	 */
	load(baseUrl: string, modelId: string): Promise<ModelFiles>;
	/** Null when neither the cache nor the origin knows the model. */
	status(baseUrl: string, modelId: string): Promise<CacheStatus | null>;
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
		async load(baseUrl, id) {
			const known = await manifests.ofThisBuild(baseUrl, id);
			if (!known) return loadFiles(baseUrl, await manifests.newest(baseUrl, id));
			try {
				return await loadFiles(baseUrl, known);
			} catch {
				// The host may have newer files than the list we remember.
				return loadFiles(baseUrl, await manifests.newest(baseUrl, id));
			}
		},
		async status(baseUrl, id) {
			const manifest =
				(await manifests.ofAnyBuild(baseUrl, id)) ??
				(await manifests.newest(baseUrl, id).catch(() => null));
			return manifest && statusOf(await openCache(), baseUrl, manifest);
		},
		async clear(id) {
			const cache = await openCache();
			let freed = 0;
			for (const key of await cache.keys()) {
				if (id !== null && !key.url.includes(`/models/${id}/`)) continue;
				freed += (await (await cache.match(key))?.blob())?.size ?? 0;
				await cache.delete(key);
			}
			return freed;
		}
	};
};

// The hash is part of the key: files of two releases never stand for each other.
const keyOf = (url: string, { sha256 }: ModelFile): string => `${url}?sha256=${sha256}`;

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

const findFault = async (bytes: ArrayBuffer, file: ModelFile): Promise<string | null> => {
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
	let cachedBytes = 0;
	let complete = true;
	for (const file of manifest.files) {
		const url = `${folderUrl(baseUrl, manifest.id)}${file.path}`;
		const kept = await (await cache.match(keyOf(url, file)))?.arrayBuffer();
		cachedBytes += kept?.byteLength ?? 0;
		complete &&= kept !== undefined && (await findFault(kept, file)) === null;
	}
	const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
	return { bytes, cachedBytes, complete };
};
