import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dependency } from './list-dependencies';

export interface SbomRequest {
	readonly app: { readonly name: string; readonly version: string; readonly licence: string };
	readonly dependencies: readonly Dependency[];
	readonly models: readonly SbomModel[];
}

/** The part of a model's `files.json` that is told. */
export interface SbomModel {
	readonly id: string;
	readonly revision: string;
	readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * What the app is made of, in CycloneDX 1.6. Without time and serial number, which the format does not
 * ask for: the same tree is always the same build.
 */
export const createSbom = ({ app, dependencies, models }: SbomRequest): object => ({
	$schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
	bomFormat: 'CycloneDX',
	specVersion: '1.6',
	version: 1,
	metadata: {
		component: {
			type: 'application',
			'bom-ref': app.name,
			name: app.name,
			version: app.version,
			licenses: [licenceOf(app.licence)]
		}
	},
	components: [...dependencies.map(toLibrary), ...models.map(toModel)],
	dependencies: [
		{
			ref: app.name,
			dependsOn: [...dependencies.map(toPurl), ...models.map(modelRef)]
		}
	]
});

const toLibrary = (dependency: Dependency): object => {
	const { name, version, licence, integrity } = dependency;
	const [group, bare] = name.startsWith('@') ? name.split('/') : [null, name];
	return {
		type: 'library',
		'bom-ref': toPurl(dependency),
		...(group === null ? {} : { group }),
		name: bare,
		version,
		...(integrity?.startsWith('sha512-') ? { hashes: [hashOf(integrity)] } : {}),
		...(licence === 'unknown' ? {} : { licenses: [licenceOf(licence)] }),
		purl: toPurl(dependency)
	};
};

const toPurl = ({ name, version }: Dependency): string =>
	`pkg:npm/${name.replace('@', '%40')}@${version}`;

const hashOf = (integrity: string): object => ({
	alg: 'SHA-512',
	content: Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')
});

/** The format keeps a single licence and an expression apart. */
const licenceOf = (licence: string): object =>
	/^[\w.+-]+$/.test(licence) ? { license: { id: licence } } : { expression: licence };

/** The model files below `root`: what they are called, and under which licence they come. */
export const listModels = (root: string): SbomModel[] =>
	readdirSync(root)
		.toSorted()
		.map((folder) => {
			const text = readFileSync(join(root, folder, 'files.json'), 'utf8');
			const { id, revision, files } = JSON.parse(text) as SbomModel;
			if (!(id in modelLicences)) throw new Error(`The licence of the model ${id} is not known.`);
			return { id, revision, files };
		});

/** See the notices beside the files. */
const modelLicences: Readonly<Record<string, string>> = {
	'use-lite': 'Apache-2.0',
	'static-en-256': 'MIT'
};

const modelRef = ({ id, revision }: SbomModel): string => `model:${id}@${revision}`;

const toModel = (model: SbomModel): object => ({
	type: 'machine-learning-model',
	'bom-ref': modelRef(model),
	name: model.id,
	version: model.revision,
	licenses: [licenceOf(modelLicences[model.id] ?? '')],
	components: model.files.map(({ path, sha256 }) => ({
		type: 'file',
		'bom-ref': `${modelRef(model)}/${path}`,
		name: path,
		hashes: [{ alg: 'SHA-256', content: sha256 }]
	}))
});
