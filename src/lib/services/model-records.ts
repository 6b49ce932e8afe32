import type { DeviceSettings } from '$lib/device/device-settings';
import {
	modelDtypes,
	type FileRecord,
	type ModelDtype,
	type StoredModel
} from '$lib/domain/model-files';

/** The hashes that files had when they came: later ones are held to them, until the model is cleared. */
export interface ModelRecords {
	of(modelId: string, dtype: ModelDtype): Promise<FileRecord>;
	keep(stored: StoredModel): Promise<void>;
	forget(modelId: string): Promise<void>;
}

const keyOf = (modelId: string, dtype: ModelDtype): string => `models.record.${modelId}.${dtype}`;

export const createModelRecords = (settings: DeviceSettings): ModelRecords => ({
	of: async (modelId, dtype) =>
		((await settings.get(keyOf(modelId, dtype))) as FileRecord | null | undefined) ?? {},
	keep: async ({ modelId, dtype, files }) => settings.set(keyOf(modelId, dtype), files),
	async forget(modelId) {
		for (const dtype of modelDtypes) await settings.set(keyOf(modelId, dtype), null);
	}
});
