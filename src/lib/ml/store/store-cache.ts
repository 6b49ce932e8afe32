import { toHex } from '$lib/shared/bytes';
import { digest } from '$lib/shared/slice-hash';
import { manifestKey } from '$lib/ml/manifest-store';
import { findFault, keyOf } from '$lib/ml/model-cache';
import { folderUrl } from '$lib/ml/model-download';
import type { ModelFile, ModelManifest } from '$lib/ml/model-manifest';

/** Puts checked files where the model is started from. */
export interface StoreCache {
	/** It is there with the right contents. */
	has(modelId: string, file: ModelFile): Promise<boolean>;
	put(modelId: string, file: ModelFile, contents: Blob): Promise<void>;
	/** Makes the model whole; files of it that the list does not name are removed. */
	finish(manifest: ModelManifest): Promise<void>;
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
		async has(modelId, file) {
			const kept = await (await openCache()).match(keyFor(modelId, file));
			return kept !== undefined && (await findFault(await kept.arrayBuffer(), file)) === null;
		},
		async put(modelId, file, contents) {
			await (await openCache()).put(keyFor(modelId, file), new Response(contents));
		},
		async finish(manifest) {
			const cache = await openCache();
			const listKey = manifestKey(baseUrl, manifest.id, build);
			await cache.put(listKey, new Response(JSON.stringify(manifest)));
			const named = new Set([listKey, ...manifest.files.map((file) => keyFor(manifest.id, file))]);
			const folder = folderUrl(baseUrl, manifest.id);
			for (const { url } of await cache.keys()) {
				if (url.startsWith(folder) && !named.has(url)) await cache.delete(url);
			}
		}
	};
};

/** Names the contents and how they are read: the same vectors come from the same revision only. */
export const revisionOf = async (
	files: readonly ModelFile[],
	reading: unknown
): Promise<string> => {
	const lines = files.map(({ path, sha256 }) => `${path} ${sha256}`).sort();
	const text = [...lines, JSON.stringify(reading)].join('\n');
	return toHex(await digest(new TextEncoder().encode(text))).slice(0, 12);
};
