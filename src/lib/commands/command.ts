/** The answer of every command: see COMMANDS.md. */
export interface CommandResult<T = unknown> {
	readonly ok: boolean;
	readonly text: string;
	readonly data: T;
}
