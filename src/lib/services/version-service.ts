import { toAppError } from '$lib/shared/app-error';

/** A package that is part of the app. */
export interface BundledPackage {
	readonly name: string;
	readonly version: string;
	readonly licence: string;
}

export interface VersionReport {
	readonly app: string;
	readonly commit: string;
	/** Null with a reason when the database does not answer. */
	readonly schema: number | null;
	readonly sqlite: string | null;
	readonly transformers: string;
	readonly dependencies: readonly BundledPackage[];
	readonly unavailable: string | null;
}

export interface VersionService {
	report(): Promise<VersionReport>;
}

export interface VersionDependencies {
	readonly app: string;
	readonly commit: string;
	readonly packages: readonly BundledPackage[];
	readonly facts: () => Promise<{ readonly schemaVersion: number; readonly sqliteVersion: string }>;
}

const engine = '@huggingface/transformers';

export const createVersionService = ({
	app,
	commit,
	packages,
	facts
}: VersionDependencies): VersionService => ({
	report: async () => {
		const transformers = packages.find(({ name }) => name === engine)?.version ?? 'unknown';
		const fixed = { app, commit, transformers, dependencies: packages };
		try {
			const { schemaVersion, sqliteVersion } = await facts();
			return { ...fixed, schema: schemaVersion, sqlite: sqliteVersion, unavailable: null };
		} catch (thrown) {
			const unavailable = toAppError(thrown).message;
			return { ...fixed, schema: null, sqlite: null, unavailable };
		}
	}
});
