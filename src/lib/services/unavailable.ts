import { toAppError } from '$lib/shared/app-error';

/** Why figures of one report are null, by their path such as `errors.last24h`. */
export interface Reasons {
	add(path: string, reason: string): void;
	/** What was read, or null with the failure as the reason of these figures. */
	attempt<T>(paths: readonly string[], read: () => Promise<T>): Promise<T | null>;
	/** A reason for each figure that is null in the report. */
	of(report: object): Readonly<Record<string, string>>;
}

/** `usual`: what a null means when nothing went wrong. */
export const createReasons = (usual: (path: string) => string): Reasons => {
	const failures = new Map<string, string>();
	return {
		add: (path, reason) => void failures.set(path, reason),
		async attempt(paths, read) {
			try {
				return await read();
			} catch (thrown) {
				for (const path of paths) failures.set(path, toAppError(thrown).message);
				return null;
			}
		},
		of: (report) =>
			Object.fromEntries(nullPaths(report).map((path) => [path, failures.get(path) ?? usual(path)]))
	};
};

const nullPaths = (values: object, prefix = ''): string[] =>
	Object.entries(values).flatMap(([name, value]: [string, unknown]) => {
		if (value === null) return [prefix + name];
		return typeof value === 'object' ? nullPaths(value as object, `${prefix}${name}.`) : [];
	});
