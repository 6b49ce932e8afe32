import { AppError } from '$lib/shared/app-error';
import { toHex } from '$lib/shared/bytes';
import { digest } from '$lib/shared/slice-hash';
import { manifestKey } from '$lib/ml/manifest-store';
import { findFault, keyOf } from '$lib/ml/model-cache';
import { folderUrl } from '$lib/ml/model-download';
import { parseManifest, type ModelFile, type ModelManifest } from '$lib/ml/model-manifest';

/** Puts checked files where the model is started from. */
export interface StoreCache {
	/** The file with this hash, when it is there with the right contents; else null. */
	find(modelId: string, path: string, sha256: string): Promise<ModelFile | null>;
	put(modelId: string, file: ModelFile, contents: Blob): Promise<void>;
	/**
	 * Makes the model whole; files of it that the list does not name are removed. Rejects with
	 * `model-missing` when one that it names is gone meanwhile.
	 */
	finish(manifest: ModelManifest): Promise<void>;
	/** Removes what came and is not part of the model that was here before, if there was one. */
	undo(modelId: string, files: readonly ModelFile[]): Promise<void>;
}

export interface StoreCacheDeps {
	readonly openCache: () => Promise<Cache>;
	/** Absolute URL of the app's folder. */
	readonly baseUrl: string;
	readonly build: string;
}

export const createStoreCache = ({ openCache, baseUrl, build }: StoreCacheDeps): StoreCache => {
	const keyFor = (modelId: string, file: ModelFile): string =>
		keyOf(`${folderUrl(baseUrl, modelId)}${file.path}`, file);
	return {
		async find(modelId, path, sha256) {
			const key = keyFor(modelId, { path, bytes: 0, sha256 });
			const kept = await (await (await openCache()).match(key))?.arrayBuffer();
			if (!kept) return null;
			const file = { path, bytes: kept.byteLength, sha256 };
			return (await findFault(kept, file)) === null ? file : null;
		},
		async put(modelId, file, contents) {
			await (await openCache()).put(keyFor(modelId, file), new Response(contents));
		},
		async finish(manifest) {
			const cache = await openCache();
			const listKey = manifestKey(baseUrl, manifest.id, build);
			for (const file of manifest.files) {
				if (!(await cache.match(keyFor(manifest.id, file)))) throw takenAway(file);
			}
			const before = await readManifest(cache, listKey, manifest.id);
			const isSame = before?.revision === manifest.revision && before.dtype === manifest.dtype;
			const selfTest = isSame ? before.selfTest : manifest.selfTest;
			await cache.put(listKey, new Response(JSON.stringify({ ...manifest, selfTest })));
			const named = new Set([listKey, ...manifest.files.map((file) => keyFor(manifest.id, file))]);
			const folder = folderUrl(baseUrl, manifest.id);
			for (const { url } of await cache.keys()) {
				if (url.startsWith(folder) && !named.has(url)) await cache.delete(url);
			}
		},
		async undo(modelId, files) {
			const cache = await openCache();
			const before = await readManifest(cache, manifestKey(baseUrl, modelId, build), modelId);
			const kept = new Set(before?.files.map((file) => keyFor(modelId, file)));
			for (const key of files.map((file) => keyFor(modelId, file))) {
				if (!kept.has(key)) await cache.delete(key);
			}
		}
	};
};

/** What is here of the model, from whichever build of the app. */
const readManifest = async (
	cache: Cache,
	listKey: string,
	modelId: string
): Promise<ModelManifest | null> => {
	const found = await cache.match(listKey, { ignoreSearch: true });
	try {
		return found ? parseManifest(await found.text(), modelId) : null;
	} catch {
		return null; // an unreadable list is none
	}
};

const takenAway = ({ path }: ModelFile): AppError =>
	new AppError('model-missing', `${path} was removed meanwhile. Download the model again.`, {
		file: path
	});

/** Names the contents and how they are read: the same vectors come from the same revision only. */
export const revisionOf = async (
	files: readonly ModelFile[],
	reading: unknown
): Promise<string> => {
	const lines = files.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
	const text = [...lines, JSON.stringify(reading)].join('\n');
	return toHex(await digest(new TextEncoder().encode(text))).slice(0, 12);
};
