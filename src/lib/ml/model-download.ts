import { AppError } from '$lib/shared/app-error';

export type Fetch = (url: string) => Promise<Response>;

/** A file from the network. `model-missing` when it does not come, `model-invalid` for a web page. */
export const download = async (fetch: Fetch, url: string): Promise<Response> => {
	const file = new URL(url).pathname;
	const response = await fetch(url).catch((cause: unknown) => {
		throw new AppError('model-missing', `${file} could not be fetched.`, { file }, { cause });
	});
	if (response.status !== 200) {
		const { status } = response;
		throw new AppError('model-missing', `${file}: status ${status}.`, { file, status });
	}
	// Some hosts answer a missing file with their start page and status 200.
	if (response.headers.get('content-type')?.startsWith('text/html')) {
		throw new AppError('model-invalid', `${file}: a web page came instead of the file.`, { file });
	}
	return response;
};

/** The body, or `model-missing` when the connection breaks half-way. */
export const readBody = async (response: Response, url: string): Promise<ArrayBuffer> => {
	const file = new URL(url).pathname;
	return response.arrayBuffer().catch((cause: unknown) => {
		throw new AppError('model-missing', `${file} broke off.`, { file }, { cause });
	});
};

/** A full disk costs the next start its cache, not this one its model. */
export const keep = async (cache: Cache, key: string, bytes: BodyInit): Promise<void> => {
	try {
		await cache.put(key, new Response(bytes));
	} catch {
		await cache.delete(key).catch(() => false);
	}
};

export const folderUrl = (baseUrl: string, modelId: string): string =>
	`${baseUrl}models/${modelId}/`;
