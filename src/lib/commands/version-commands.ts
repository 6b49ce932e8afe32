import type { Command } from './command';
import { table } from './text-table';

const version: Command = {
	name: 'version',
	usage: 'version',
	summary: 'Shows the version of the app and of everything in it.',
	run: async (_args, services) => {
		const report = await services.version.report();
		const { app, schema, sqlite, transformers, commit, dependencies, unavailable } = report;
		const noPackages = `Packages: not available: ${report.packagesUnavailable}`;
		const missing = `not available: ${unavailable}`;
		const rows = [
			['AI Notes', `${app} (${commit})`],
			['schema', schema === null ? missing : String(schema)],
			['SQLite', sqlite ?? missing],
			['transformers.js', transformers]
		];
		const packages = dependencies.map((each) => [each.name, each.version, each.licence]);
		return {
			text: `${table(['Version', ''], rows)}\n\n${table(['Package', 'Version', 'Licence'], packages, noPackages)}`,
			data: {
				app,
				schema,
				sqlite,
				transformers,
				commit,
				dependencies: dependencies.map((each) => ({
					name: each.name,
					version: each.version,
					licence: each.licence
				}))
			}
		};
	}
};

export const versionCommands: readonly Command[] = [version];
