import { download, folderUrl, keep, readBody, type Fetch } from './model-download';
import { parseManifest, type ModelManifest } from './model-manifest';

export interface ManifestStore {
	/** Remembered from this build of the app; null when there is none. No network. */
	ofThisBuild(baseUrl: string, modelId: string): Promise<ModelManifest | null>;
	/** Remembered from any build. No network. */
	ofAnyBuild(baseUrl: string, modelId: string): Promise<ModelManifest | null>;
	/** From the origin; when it cannot be reached, what is remembered. Else rejects. */
	newest(baseUrl: string, modelId: string): Promise<ModelManifest>;
	/** Takes the place of what is remembered. Rejects, and leaves that, on a full disk. */
	replace(baseUrl: string, manifest: ModelManifest): Promise<void>;
}

export interface ManifestStoreDeps {
	readonly fetch: Fetch;
	readonly openCache: () => Promise<Cache>;
	/** Names this build of the app: another build asks for `files.json` anew. */
	readonly build: string;
}

const urlOf = (baseUrl: string, id: string): string => `${folderUrl(baseUrl, id)}files.json`;

/** Where the list of a model's files is kept. */
export const manifestKey = (baseUrl: string, id: string, build: string): string =>
	`${urlOf(baseUrl, id)}?build=${encodeURIComponent(build)}`;

export const createManifestStore = (deps: ManifestStoreDeps): ManifestStore => {
	const { fetch, openCache } = deps;
	const keyOf = (baseUrl: string, id: string): string => manifestKey(baseUrl, id, deps.build);

	const remembered = async (
		baseUrl: string,
		id: string,
		options: CacheQueryOptions
	): Promise<ModelManifest | null> => {
		try {
			const found = await (await openCache()).match(keyOf(baseUrl, id), options);
			return found ? parseManifest(await found.text(), id) : null;
		} catch {
			return null; // unreadable memory is no memory
		}
	};

	const fetchFresh = async (baseUrl: string, id: string): Promise<ModelManifest> => {
		const url = urlOf(baseUrl, id);
		const bytes = await readBody(await download(fetch, url), url);
		const manifest = parseManifest(new TextDecoder().decode(bytes), id);
		await keep(await openCache(), keyOf(baseUrl, id), bytes);
		return manifest;
	};

	const ofAnyBuild: ManifestStore['ofAnyBuild'] = async (baseUrl, id) =>
		remembered(baseUrl, id, { ignoreSearch: true });
	return {
		ofThisBuild: async (baseUrl, id) => remembered(baseUrl, id, {}),
		ofAnyBuild,
		async replace(baseUrl, manifest) {
			const cache = await openCache();
			const key = keyOf(baseUrl, manifest.id);
			await cache.put(key, new Response(JSON.stringify(manifest)));
			for (const { url } of await cache.keys(key, { ignoreSearch: true })) {
				if (url !== key) await cache.delete(url);
			}
		},
		async newest(baseUrl, id) {
			try {
				return await fetchFresh(baseUrl, id);
			} catch (error) {
				const older = await ofAnyBuild(baseUrl, id);
				if (!older) throw error;
				return older;
			}
		}
	};
};
