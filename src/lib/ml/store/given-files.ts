import type { GivenFile } from '$lib/protocol/model-store-api';

/**
 * The file that a model asks for, among those that the user chose: a folder may hold the repository at
 * any depth, and files chosen one by one have no folder at all.
 */
export const findGiven = (given: readonly GivenFile[], path: string): GivenFile | null => {
	const inFolder = given.filter((file) => `/${file.path}`.endsWith(`/${path}`));
	const name = path.slice(path.lastIndexOf('/') + 1);
	const alone = given.filter((file) => file.path === name);
	const [shortest] = [...inFolder, ...alone].sort((a, b) => a.path.length - b.path.length);
	return shortest ?? null;
};
