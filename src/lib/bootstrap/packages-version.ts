import { asset } from '$app/paths';
import {
	createVersionService,
	type BuiltWith,
	type BundledPackage,
	type VersionDependencies,
	type VersionService
} from '$lib/services/version-service';
import { AppError } from '$lib/shared/app-error';

export const builtWith: BuiltWith = {
	app: __APP_VERSION__,
	commit: __APP_COMMIT__,
	transformers: __TRANSFORMERS_VERSION__
};

/**
 * The version service. The list of packages, which only the finished build can know, lies beside the app;
 * it is fetched with the first page, so that it is there when the network goes a moment later.
 */
export const createPackagesVersion = (facts: VersionDependencies['facts']): VersionService => {
	let list = fetchPackages();
	list.catch(() => undefined); // said when somebody asks, after one more try
	return createVersionService({
		builtWith,
		facts,
		packages: async () => {
			list = list.catch(fetchPackages);
			return list;
		}
	});
};

const fetchPackages = async (): Promise<readonly BundledPackage[]> => {
	const response = await fetch(asset('/dependencies.json'), { priority: 'low' });
	if (response.ok) return (await response.json()) as readonly BundledPackage[];
	throw new AppError('unknown', `dependencies.json is not on the host (status ${response.status})`);
};
