import { toAppError } from '$lib/shared/app-error';

/** A package that is part of the app. */
export interface BundledPackage {
	readonly name: string;
	readonly version: string;
	readonly licence: string;
}

/** What the build wrote into the app itself. */
export interface BuiltWith {
	readonly app: string;
	readonly commit: string;
	readonly transformers: string;
}

export interface VersionReport extends BuiltWith {
	/** Null with a reason when the database does not answer. */
	readonly schema: number | null;
	readonly sqlite: string | null;
	readonly unavailable: string | null;
	/** Empty with a reason when the list that lies beside the app cannot be read. */
	readonly dependencies: readonly BundledPackage[];
	readonly packagesUnavailable: string | null;
}

export interface VersionService {
	/** Never rejects: what cannot be read has its reason. */
	report(): Promise<VersionReport>;
}

export interface VersionDependencies {
	readonly builtWith: BuiltWith;
	readonly packages: () => Promise<readonly BundledPackage[]>;
	readonly facts: () => Promise<{ readonly schemaVersion: number; readonly sqliteVersion: string }>;
}

export const createVersionService = ({
	builtWith,
	packages,
	facts
}: VersionDependencies): VersionService => ({
	report: async () => ({
		...builtWith,
		...(await readFacts(facts)),
		...(await readPackages(packages))
	})
});

const readFacts = async (
	facts: VersionDependencies['facts']
): Promise<Pick<VersionReport, 'schema' | 'sqlite' | 'unavailable'>> => {
	try {
		const { schemaVersion, sqliteVersion } = await facts();
		return { schema: schemaVersion, sqlite: sqliteVersion, unavailable: null };
	} catch (thrown) {
		return { schema: null, sqlite: null, unavailable: toAppError(thrown).message };
	}
};

const readPackages = async (
	packages: VersionDependencies['packages']
): Promise<Pick<VersionReport, 'dependencies' | 'packagesUnavailable'>> => {
	try {
		return { dependencies: await packages(), packagesUnavailable: null };
	} catch (thrown) {
		return { dependencies: [], packagesUnavailable: toAppError(thrown).message };
	}
};
