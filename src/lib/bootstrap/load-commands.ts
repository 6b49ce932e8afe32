import type { CommandServices } from '$lib/commands/command';
import type { Manage } from '$lib/commands/manage';
import type { Registry } from '$lib/commands/registry';
import { toAppError } from '$lib/shared/app-error';
import { loadOnce } from '$lib/shared/deferred';

/** The command line, before and after its code has come. */
export interface Commands {
	/** Never rejects. The first line loads the commands. */
	readonly manage: Manage;
	/** Knows no command until they are loaded. */
	readonly registry: Registry;
	/** Loads them, so that later lines need no network. Never rejects. */
	load(): Promise<void>;
}

interface CommandCode {
	readonly createCommandRegistry: () => Registry;
	readonly createManage: (services: CommandServices, registry: Registry) => Manage;
}

const importCode = async (): Promise<CommandCode> => import('$lib/commands/manage');

/** The first page does not need the commands: they stay out of what it waits for. */
export const createCommands = (services: CommandServices, getCode = importCode): Commands => {
	let registry: Registry | null = null;
	const getManage = loadOnce(async () => {
		const { createCommandRegistry, createManage } = await getCode();
		registry = createCommandRegistry();
		return createManage(services, registry);
	});
	const load = async (): Promise<Manage> => getManage().catch(notLoaded);
	return {
		manage: async (line, file) => (await load())(line, file),
		registry: {
			get commands() {
				return registry?.commands ?? [];
			},
			find: (name) => registry?.find(name) ?? null
		},
		load: async () => void (await load())
	};
};

const notLoaded = (thrown: unknown): Manage => {
	const { code, message } = toAppError(thrown);
	const text = `The commands could not be loaded (${message}). Nothing was done. Reload the page, with a network.`;
	return () => Promise.resolve({ ok: false, text, data: { error: { code, message: text } } });
};
