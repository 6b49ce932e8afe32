import { AppError } from '$lib/shared/app-error';
import { hubModels } from '$lib/ml/hub-models';
import type { GivenFile } from '$lib/protocol/model-store-api';

export type FindGiven = (path: string) => GivenFile | null;

/**
 * The files of one repository among those that the user chose: a folder may hold it at any depth, and
 * files chosen one by one have no folder at all. Rejects with `input-invalid` where several folders could
 * be meant, and for one that bears the name of another model: the files look the same.
 */
export const chooseGiven = (
	given: readonly GivenFile[],
	repository: string,
	paths: readonly string[]
): FindGiven => {
	const name = nameOf(repository);
	const named = given.filter(({ path }) => holdsName(path, name));
	const pool = named.length > 0 ? named : given;
	const findIn = (root: string): FindGiven => inFolder(pool, root);
	const count = (root: string): number => paths.filter((path) => findIn(root)(path)).length;
	const roots = rootsOf(pool, paths);
	const most = Math.max(0, ...roots.map(count));
	const best = roots.filter((root) => count(root) === most);
	const [root = ''] = best;
	if (best.length > 1) throw severalFolders(name, best);
	const other =
		named.length > 0 ? undefined : otherNames(name).find((each) => holdsName(root, each));
	if (other !== undefined) throw otherModel(name, other);
	return findIn(root);
};

/** Whether the path could be meant, whichever folder is chosen in the end. */
export const hasGiven = (
	given: readonly GivenFile[],
	repository: string,
	path: string
): boolean => {
	const named = given.filter((file) => holdsName(file.path, nameOf(repository)));
	const pool = named.length > 0 ? named : given;
	return rootsOf(pool, [path]).some((root) => inFolder(pool, root)(path) !== null);
};

const nameOf = (repository: string): string => repository.slice(repository.lastIndexOf('/') + 1);

const holdsName = (path: string, name: string): boolean =>
	path.toLowerCase().includes(name.toLowerCase());

const otherNames = (name: string): readonly string[] =>
	Object.values(hubModels)
		.map(({ repository }) => nameOf(repository))
		.filter((each) => each !== name);

const rootsOf = (given: readonly GivenFile[], paths: readonly string[]): readonly string[] => {
	const roots = given.flatMap((file) =>
		paths
			.filter((path) => `/${file.path}`.endsWith(`/${path}`))
			.map((path) => file.path.slice(0, file.path.length - path.length))
	);
	const isAlone = given.some(({ path }) => !path.includes('/'));
	return [...new Set([...roots, ...(isAlone ? [''] : [])])];
};

const inFolder =
	(given: readonly GivenFile[], root: string): FindGiven =>
	(path) => {
		const alone = path.slice(path.lastIndexOf('/') + 1);
		const whole = given.find((file) => file.path === root + path);
		return whole ?? given.find((file) => root === '' && file.path === alone) ?? null;
	};

const severalFolders = (name: string, roots: readonly string[]): AppError =>
	new AppError(
		'input-invalid',
		`Several of the chosen folders could be ${name}: ${roots.map((root) => root || '(no folder)').join(', ')}. Choose the folder of ${name} alone.`
	);

const otherModel = (name: string, other: string): AppError =>
	new AppError('input-invalid', `The chosen files are of ${other}, not of ${name}.`);
