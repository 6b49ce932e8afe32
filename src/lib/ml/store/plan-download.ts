import type { FileRecord, ModelDtype } from '$lib/domain/model-files';
import { AppError } from '$lib/shared/app-error';
import { findEntry, type CatalogueEntry } from '$lib/ml/model-catalogue';
import type { HubFile, HubModel } from '$lib/ml/hub-models';
import type { Expected } from './check-file';
import type { ListedFile } from './hub-list';

export interface PlannedFile extends Expected {
	/** The best that is known: said by the host, else the catalogue's estimate. */
	readonly aboutBytes: number;
}

/** Rejects with `input-invalid` for a model that comes with the app. */
export const hubModelOf = (modelId: string): CatalogueEntry & { readonly hub: HubModel } => {
	const entry = findEntry(modelId);
	const { hub } = entry;
	if (hub) return { ...entry, hub };
	throw new AppError(
		'input-invalid',
		`${modelId} comes with the app: there is nothing to download.`
	);
};

/**
 * What each file has to be. The catalogue's hash goes before that of an earlier download, and both
 * before what the host says; a host that lists another file is refused before anything is fetched.
 */
export const planFiles = (
	files: readonly HubFile[],
	record: FileRecord,
	listed: ReadonlyMap<string, ListedFile>
): readonly PlannedFile[] =>
	files.map((file) => {
		const known = file.sha256 ?? record[file.path] ?? null;
		const said = listed.get(file.path) ?? null;
		if (isOther(known, said)) throw otherFile(file);
		return plan(file, known, said);
	});

const isOther = (known: string | null, said: ListedFile | null): boolean =>
	known !== null && said !== null && said.sha256 !== null && said.sha256 !== known;

const plan = (
	{ path, aboutBytes }: HubFile,
	known: string | null,
	said: ListedFile | null
): PlannedFile =>
	said === null
		? { path, aboutBytes, bytes: null, sha256: known, gitId: null }
		: {
				...{ path, aboutBytes: said.bytes, bytes: said.bytes, gitId: said.gitId },
				sha256: known ?? said.sha256
			};

const otherFile = ({ path, sha256 }: HubFile): AppError => {
	const known = sha256 === undefined ? 'that was downloaded before' : 'that this app knows';
	return new AppError(
		'model-invalid',
		`${path}: the host has another file than the one ${known}. Nothing was downloaded.`,
		{ file: path }
	);
};

/** How much must be free: what is still to come, and once more the largest file while it is stored. */
export const spaceFor = (files: readonly PlannedFile[], doneBytes: number): number => {
	const all = files.reduce((sum, { aboutBytes }) => sum + aboutBytes, 0);
	return Math.max(0, all - doneBytes) + Math.max(0, ...files.map(({ aboutBytes }) => aboutBytes));
};

export const dtypeOfPaths = (hub: HubModel, has: (path: string) => boolean): ModelDtype => {
	const found = (['q8', 'fp32'] as const).find((dtype) =>
		hub.variants[dtype].every(({ path }) => !path.endsWith('.onnx') || has(path))
	);
	if (found) return found;
	const wanted = Object.values(hub.variants)
		.flat()
		.filter(({ path }) => path.endsWith('.onnx'))
		.map(({ path }) => path);
	throw new AppError('input-invalid', `Neither ${wanted.join(' nor ')} is among the chosen files.`);
};
