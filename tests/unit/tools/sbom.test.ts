import { Ajv } from 'ajv';
import { parseChangelog } from '$lib/domain/changelog';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageFolder, packagesIn } from '../../../tools/bundled-packages';
import { listDependencies } from '../../../tools/list-dependencies';
import { createSbom, listModels } from '../../../tools/write-sbom';

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
	version: string;
	dependencies: Record<string, string>;
};
const folders = [
	...Object.keys(manifest.dependencies).map((name) => `node_modules/${name}`),
	'node_modules/svelte',
	'node_modules/@sveltejs/kit'
];
const models = [
	{ id: 'use-lite', revision: '0.2.0', files: [{ path: 'config.json', sha256: 'ab'.repeat(32) }] }
];
const app = { name: 'ai-notes', version: manifest.version, licence: 'MIT' };

/** The rules of the format as CycloneDX publishes them, with the licences that SPDX knows. */
const sbomRules = () => {
	const folder = 'node_modules/@cyclonedx/cyclonedx-library/res/schema';
	const read = (name: string): object =>
		JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
	const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
	ajv.addSchema(read('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json');
	ajv.addSchema(read('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json');
	return ajv.compile(read('bom-1.6'));
};

describe('the bill of materials', () => {
	const obeys = sbomRules();
	const sbom = createSbom({ app, dependencies: listDependencies(folders), models });

	test('obeys the schema of CycloneDX 1.6', () => {
		obeys(sbom);
		expect(obeys.errors ?? []).toEqual([]);
	});

	test.each([
		['a licence that SPDX does not know', { licence: 'Nobody-1.0' }],
		['a version that is no text', { version: null as unknown as string }]
	])('would not obey it with %s', (_, wrong) => {
		const dependency = { name: 'x', version: '1', licence: 'MIT', integrity: null, ...wrong };
		expect(obeys(createSbom({ app, dependencies: [dependency], models }))).toBe(false);
	});

	test('names each part once, with version, licence and checksum', () => {
		const { components } = sbom as {
			components: { 'bom-ref': string; version: string; licenses: unknown[]; hashes?: unknown[] }[];
		};
		const refs = components.map((component) => component['bom-ref']);
		expect(new Set(refs).size).toBe(refs.length);
		expect(refs).toContain(
			`pkg:npm/%40huggingface/transformers@${manifest.dependencies['@huggingface/transformers']}`
		);
		expect(refs).toContain('model:use-lite@0.2.0');
		for (const component of components) {
			expect(component.version, component['bom-ref']).not.toBe('');
			expect(component.licenses, component['bom-ref']).toHaveLength(1);
		}
		expect(components.filter(({ hashes }) => hashes?.length === 1).length).toBeGreaterThan(30);
	});

	test('is the same for the same tree', () => {
		const again = createSbom({ app, dependencies: listDependencies(folders), models });
		expect(JSON.stringify(again)).toBe(JSON.stringify(sbom));
	});

	test('stops the build at a model whose licence nobody wrote down', () => {
		const root = mkdtempSync(join(tmpdir(), 'ai-notes-sbom-'));
		mkdirSync(join(root, 'other'));
		writeFileSync(join(root, 'other/files.json'), '{"id":"other","revision":"1","files":[]}');
		expect(() => listModels(root)).toThrow(/licence of the model other/);
	});
});

describe('the list of packages', () => {
	test('names what the bundle really holds, by the folder it came from', () => {
		const names = packagesIn([
			{ modules: { '/x/src/a.ts': {}, '/x/node_modules/svelte/src/index.js': {} } },
			{ modules: { '\0/x/node_modules/a/node_modules/@b/c/d.js?commonjs': {} } },
			{ originalFileNames: ['node_modules\\@sqlite.org\\sqlite-wasm\\dist\\sqlite3.wasm'] },
			{ modules: { '/x/node_modules/svelte/src/other.js': {} } }
		]);
		expect(names).toEqual([
			'node_modules/@sqlite.org/sqlite-wasm',
			'node_modules/a/node_modules/@b/c',
			'node_modules/svelte'
		]);
		expect(packageFolder('/x/src/lib/a.ts')).toBeNull();
	});

	test('has a version and a licence for every direct part, and what is hidden in prebuilt ones', () => {
		const list = listDependencies(folders);
		const names = list.map(({ name }) => name);
		expect(names).toEqual(
			expect.arrayContaining([...Object.keys(manifest.dependencies), 'svelte'])
		);
		expect(names).toEqual(
			expect.arrayContaining(['@huggingface/tokenizers', 'onnxruntime-common'])
		);
		expect(list.filter(({ version }) => version === '')).toEqual([]);
		expect(list.filter(({ licence }) => licence === 'unknown')).toEqual([]);
		// Overridden away: native code that the browser never sees.
		expect(names).not.toContain('onnxruntime-node');
		expect(names).not.toContain('sharp');
	});
});

describe('what changed', () => {
	test('is read from the list as people write it', () => {
		const releases = parseChangelog(
			'# What changed\n\nIntro.\n\n## 0.2.0 (2026-05-12)\n\n- One\n  goes on.\n- Two.\n\n## 0.1.0\r\n\r\n- Three.\r\n'
		);
		expect(releases).toEqual([
			{ version: '0.2.0', date: '2026-05-12', changes: ['One goes on.', 'Two.'] },
			{ version: '0.1.0', date: '', changes: ['Three.'] }
		]);
	});

	test('begins with the version of this app', () => {
		expect(existsSync(dirname('docs/CHANGELOG.md'))).toBe(true);
		const [newest] = parseChangelog(readFileSync('docs/CHANGELOG.md', 'utf8'));
		expect(newest?.version).toBe(manifest.version);
		expect(newest?.changes.length).toBeGreaterThan(3);
	});
});
