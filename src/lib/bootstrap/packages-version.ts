import { asset } from '$app/paths';
import {
	createVersionService,
	type BundledPackage,
	type VersionDependencies,
	type VersionService
} from '$lib/services/version-service';

/** The version service, with the list of bundled packages that the build left beside the app. */
export const createPackagesVersion = (facts: VersionDependencies['facts']): VersionService => ({
	report: async () =>
		createVersionService({
			app: __APP_VERSION__,
			commit: __APP_COMMIT__,
			packages: await readPackages(),
			facts
		}).report()
});

const readPackages = async (): Promise<readonly BundledPackage[]> => {
	try {
		const response = await fetch(asset('/dependencies.json'));
		return response.ok ? ((await response.json()) as readonly BundledPackage[]) : [];
	} catch {
		return []; // offline before the first visit was complete
	}
};
