import { AppError } from '$lib/shared/app-error';
import { formatBytes } from '$lib/shared/bytes';
import type { Command } from './command';
import { table } from './text-table';

const models: Command = {
	name: 'models',
	usage: 'models',
	summary: 'Lists the models, which is active and on which device.',
	run: async (_args, services) => {
		const { active, device, models: all } = await services.models.list();
		const rows = all.map((each) => [
			each.active ? `${each.id} (active)` : each.id,
			String(each.dimensions),
			formatBytes(each.bytes),
			each.complete ? 'complete' : formatBytes(each.cachedBytes),
			String(each.vectors)
		]);
		const list = table(['Model', 'Numbers', 'Size', 'Here', 'Vectors'], rows);
		return {
			text: `${list}\nRuns on: ${device ?? 'not available: the model is not loaded'}`,
			data: {
				active,
				device,
				models: all.map((each) => ({
					id: each.id,
					dimensions: each.dimensions,
					bytes: each.bytes,
					cachedBytes: each.cachedBytes,
					complete: each.complete,
					active: each.active,
					vectors: each.vectors
				}))
			}
		};
	}
};

const clearModelCache: Command = {
	name: 'clear_model_cache',
	usage: 'clear_model_cache [ID]',
	summary: 'Deletes the stored files of one model or of all; they are fetched again when needed.',
	optional: ['ID'],
	run: async (args, services) => {
		const id = args.find(0);
		const known = (await services.models.list()).models.map((each) => each.id);
		if (id !== null && !known.includes(id)) {
			throw new AppError('model-missing', `There is no model ${id}. Known: ${known.join(', ')}.`);
		}
		const freedBytes = await services.models.clearCache(id ?? undefined);
		const left = (await services.models.list()).models
			.filter((each) => id === null || each.id === id)
			.reduce((sum, each) => sum + each.cachedBytes, 0);
		return {
			text: `Freed ${formatBytes(freedBytes)}; ${formatBytes(left)} left.`,
			data: { id, cachedBytes: left, freedBytes }
		};
	}
};

export const modelCommands: readonly Command[] = [models, clearModelCache];
