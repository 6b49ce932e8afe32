import type { CommandResult } from '$lib/commands/command';

declare global {
	const __APP_VERSION__: string;
	const __APP_COMMIT__: string;
	const __TRANSFORMERS_VERSION__: string;
	/** docs/CHANGELOG.md */
	const __CHANGELOG__: string;

	/** The app's command line on every page: see COMMANDS.md. */
	function manage(line: string, file?: Blob): Promise<CommandResult>;

	interface Window {
		manage: (line: string, file?: Blob) => Promise<CommandResult>;
	}
}

export {};
