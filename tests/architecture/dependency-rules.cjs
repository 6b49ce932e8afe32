const lib = (names) => `^src/lib/(${names})/`;
const never = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
	forbidden: [
		never('no-cycles', {}, { circular: true }),
		never(
			'domain-is-pure',
			{ path: lib('domain|shared') },
			{ path: '^src/', pathNot: lib('domain|shared') }
		),
		never(
			'ui-knows-no-storage',
			{ path: '^src/(routes|lib/components|lib/state)/' },
			{ path: lib('db|ml|workers|rpc|device') }
		),
		never(
			'only-the-root-layout-starts-the-app',
			{ path: '^src/', pathNot: '^src/(routes/\\+layout|lib/bootstrap/)' },
			{ path: lib('bootstrap') }
		),
		never('worker-entries-are-roots', { path: '^src/' }, { path: '\\.worker\\.ts$' }),
		never(
			'one-door-sqlite',
			{ path: '^src/', pathNot: lib('db/sqlite') },
			{ path: '@sqlite\\.org/sqlite-wasm' }
		),
		never(
			'one-door-model',
			{ path: '^src/', pathNot: lib('ml') },
			{ path: '@huggingface/transformers' }
		),
		never(
			'one-door-dexie',
			{ path: '^src/', pathNot: lib('device') },
			{ path: 'node_modules/dexie|^dexie$' }
		)
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.json' },
		enhancedResolveOptions: { extensions: ['.ts', '.svelte', '.js'] }
	}
};
