import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/** What each folder under src may import from $lib, besides itself. Leaf first; later wins. */
const mayImport = {
	'lib/shared': [],
	'lib/domain': ['shared'],
	'lib/protocol': ['domain', 'shared'],
	'lib/db': ['protocol', 'domain', 'shared'],
	'lib/ml': ['protocol', 'domain', 'shared'],
	'lib/workers': ['db', 'ml', 'protocol', 'shared'],
	// Worker entries by address only: rpc starts them, nothing imports them.
	'lib/rpc': ['protocol', 'domain', 'shared', 'workers/[a-z]+\\.worker\\?worker&url'],
	'lib/device': ['domain', 'shared'],
	'lib/importers': ['domain', 'shared'],
	'lib/exporters': ['domain', 'shared'],
	'lib/services': ['rpc', 'device', 'importers', 'exporters', 'protocol', 'domain', 'shared'],
	'lib/commands': ['services', 'domain', 'shared'],
	'lib/state': ['services', 'domain', 'shared'],
	'lib/components': ['state', 'domain', 'shared'],
	'lib/components/ui': ['shared'],
	'lib/bootstrap': [
		'rpc',
		'device',
		'services',
		'commands',
		'state',
		'protocol',
		'domain',
		'shared'
	],
	routes: ['components', 'state', 'domain', 'shared', 'bootstrap'],
	// The same renderer as in the app: what is safe there is safe in the kit.
	'recovery-kit': ['components/notes/render-markdown', 'exporters', 'domain', 'shared'],
	'service-worker': ['shared']
};

/** Each third-party engine has exactly one door. */
const doors = {
	'@sqlite.org/sqlite-wasm': ['lib/db'],
	'@huggingface/transformers': ['lib/ml'],
	'umap-js': ['lib/ml'],
	dexie: ['lib/device'],
	'age-encryption': ['lib/db', 'recovery-kit'],
	'workbox-[a-z-]+': ['service-worker', 'lib/bootstrap'],
	comlink: ['lib/protocol', 'lib/workers', 'lib/rpc', 'lib/services']
};

/** These folders also load inside a worker, so they stay free of DOM and Svelte. */
const workerSafe = ['shared', 'domain', 'protocol', 'db', 'ml', 'workers'].map((n) => `lib/${n}`);

const layer = ([folder, others]) => {
	const own = folder.startsWith('lib/') ? [folder.slice('lib/'.length)] : [];
	const reach = [...own, ...others].join('|');
	const patterns = [
		{ regex: '^\\.\\./(?!app\\.css$)', message: 'Leave the folder through a $lib alias.' },
		{ regex: `^\\$lib/(?!(${reach})(/|$))`, message: `${folder} may import ${reach}.` },
		...Object.entries(doors)
			.filter(([, rooms]) => !rooms.includes(folder))
			.map(([pkg]) => ({ regex: `^${pkg}(/|$)`, message: `Use ${pkg} through its door.` })),
		...(workerSafe.includes(folder)
			? [{ regex: '^(svelte|\\$app)(/|$)', message: `${folder} runs in a worker.` }]
			: [])
	];
	return {
		files: [`src/${folder}/**/*.{ts,svelte}`],
		rules: {
			'no-restricted-imports': ['error', { patterns }],
			'no-restricted-globals': workerSafe.includes(folder)
				? ['error', 'window', 'document', 'localStorage', 'sessionStorage']
				: 'off'
		}
	};
};

export default ts.config(
	js.configs.recommended,
	...ts.configs.recommended,
	...svelte.configs.recommended,
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser } }
	},
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		rules: {
			'no-undef': 'off',
			eqeqeq: 'error',
			'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
			'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
			complexity: ['error', 12],
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }]
		}
	},
	{
		files: ['src/**/*.ts', 'tools/**/*.ts', 'tests/**/*.ts'],
		languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } },
		rules: {
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/return-await': 'error',
			'@typescript-eslint/switch-exhaustiveness-check': 'error'
		}
	},
	{
		files: ['**/*.svelte'],
		rules: {
			'svelte/button-has-type': 'error',
			'svelte/require-each-key': 'error',
			'svelte/no-unused-props': 'error',
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: ['tests/**'],
		rules: { 'max-lines': 'off', 'max-lines-per-function': 'off', complexity: 'off' }
	},
	...Object.entries(mayImport).map(layer)
);
