import { drillsToKeep, type DrillRecord } from '$lib/domain/drill';
import type { Folder } from './folder';

/** Which backups were tried and how it went. It can be lost without losing a note. */
export interface DrillLog {
	/** Newest first. What cannot be read counts as nothing tried. */
	read(): Promise<DrillRecord[]>;
	add(record: DrillRecord): Promise<void>;
}

const fileName = 'drills.json';
const partName = `${fileName}.part`;

export const createDrillLog = (folder: Folder): DrillLog => {
	const read = async (): Promise<DrillRecord[]> =>
		parse(await folder.readText(fileName).catch(() => null));
	return {
		read,
		async add(record) {
			const records = [record, ...(await read())].slice(0, drillsToKeep);
			const text = JSON.stringify(records);
			await folder.write(partName, (sink) => sink(new TextEncoder().encode(text)));
			await folder.move(partName, fileName);
		}
	};
};

const parse = (text: string | null): DrillRecord[] => {
	try {
		const value: unknown = JSON.parse(text ?? '[]');
		return Array.isArray(value) ? value.filter(isRecord) : [];
	} catch {
		return [];
	}
};

const isRecord = (value: unknown): value is DrillRecord => {
	const record = value as Partial<DrillRecord> | null;
	return (
		typeof record?.name === 'string' &&
		typeof record.atMs === 'number' &&
		typeof record.passed === 'boolean' &&
		typeof record.durationMs === 'number' &&
		Array.isArray(record.findings)
	);
};
