/** One line typed on the console and what came of it. */
export interface ConsoleAnswer {
	readonly ok: boolean;
	readonly text: string;
	readonly data: unknown;
}

/** The command line as the console page needs it: it cannot see the commands themselves. */
export interface ConsoleService {
	/** Never rejects. */
	run(line: string): Promise<ConsoleAnswer>;
	/** Whole lines that the one typed so far can become: names of commands, then their options. */
	complete(line: string): readonly string[];
	/** The line typed before the one shown, or the same when there is none. `draft` is what stands there. */
	older(draft: string): string;
	newer(draft: string): string;
	/** Empties the history, here and for later visits. */
	forget(): Promise<void>;
}
