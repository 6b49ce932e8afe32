import {
	defaultRotation,
	mostToKeep,
	type RotationRecord,
	type RotationSettings
} from '$lib/domain/backup-rotation';
import type { Folder } from './folder';

/** What the user chose about rotation, and what it did last. */
export interface RotationFile {
	/** What cannot be read counts as not chosen. */
	settings(): Promise<RotationSettings>;
	saveSettings(settings: RotationSettings): Promise<void>;
	last(): Promise<RotationRecord | null>;
	saveLast(record: RotationRecord): Promise<void>;
}

const settingsName = 'rotation.json';
const lastName = 'rotation-last.json';

export const createRotationFile = (folder: Folder): RotationFile => {
	const read = async (name: string): Promise<unknown> => {
		try {
			return JSON.parse((await folder.readText(name)) ?? 'null') as unknown;
		} catch {
			return null;
		}
	};
	const save = async (name: string, value: unknown): Promise<void> => {
		const bytes = new TextEncoder().encode(JSON.stringify(value));
		await folder.write(`${name}.part`, (sink) => sink(bytes));
		await folder.move(`${name}.part`, name);
	};
	return {
		settings: async () => parseSettings(await read(settingsName)),
		saveSettings: ({ keep, ladder }) => save(settingsName, { keep, ladder }),
		last: async () => parseRecord(await read(lastName)),
		saveLast: (record) => save(lastName, record)
	};
};

const parseSettings = (value: unknown): RotationSettings => {
	const { keep, ladder } = (value ?? {}) as Partial<RotationSettings>;
	return {
		keep:
			typeof keep === 'number' && keep >= 1
				? Math.min(Math.floor(keep), mostToKeep)
				: defaultRotation.keep,
		ladder: ladder === true
	};
};

const parseRecord = (value: unknown): RotationRecord | null => {
	const record = value as Partial<RotationRecord> | null;
	const isRecord = typeof record?.atMs === 'number' && Array.isArray(record.removals);
	return isRecord ? (record as RotationRecord) : null;
};
