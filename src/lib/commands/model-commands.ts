import { describeCheck, modelDtypes } from '$lib/domain/model-files';
import type { ModelInfo } from '$lib/services/model-service';
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
			`${each.isSizeExact ? '' : 'about '}${formatBytes(each.bytes)}`,
			each.complete ? 'complete' : describePart(each),
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

const describePart = ({ cachedBytes, partialBytes }: ModelInfo): string =>
	partialBytes > 0 ? `${formatBytes(partialBytes)}, not finished` : formatBytes(cachedBytes);

const downloadModel: Command = {
	name: 'download_model',
	usage: 'download_model ID [--from URL] [--dtype q8|fp32] [--renew]',
	summary:
		'Fetches the files of a model, checks each one and keeps them; goes on where it was broken off. --from names a mirror laid out like the Hugging Face hub, --renew takes files that changed since, unless the notebook has vectors of those before.',
	required: ['ID'],
	options: [
		{ name: '--from', kind: 'text' },
		{ name: '--dtype', kind: 'choice', choices: modelDtypes },
		{ name: '--renew', kind: 'flag' }
	],
	run: async (args, { downloads }) => {
		const dtype = modelDtypes.find((each) => each === args.text('--dtype'));
		const { modelId, bytes, from, unknown } = await downloads.download({
			...{ modelId: args.word(0), from: args.text('--from') ?? undefined, dtype },
			renew: args.flag('--renew')
		});
		return {
			text: `${modelId} is here: ${formatBytes(bytes)} from ${from}, ${describeCheck(unknown)}.`,
			data: { id: modelId, cachedBytes: bytes, from }
		};
	}
};

const clearModelCache: Command = {
	name: 'clear_model_cache',
	usage: 'clear_model_cache [ID]',
	summary:
		'Deletes the stored files of one model or of all. If the model in use is among them, search goes on by words until download_model brings it back.',
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

export const modelCommands: readonly Command[] = [models, downloadModel, clearModelCache];
